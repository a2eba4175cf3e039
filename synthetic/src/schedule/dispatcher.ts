import type { Check } from '../check/check.js';
import { Lane } from './lane.js';
import { nextStart } from './next-start.js';

export interface Concurrency {
  readonly http: number;
  readonly browser: number;
  readonly expectation: number;
}

/** Runs one check; `skipped` starts fell away before this one because the one before them was not done. */
export type RunTask = (check: Check, skipped: number, stop: AbortSignal) => Promise<void>;

interface Entry {
  check: Check;
  timer: NodeJS.Timeout | undefined;
  previous: number | null;
  running: boolean;
  skipped: number;
}

/** Longest that a Node timer can wait. */
const TIMER_LIMIT_MS = 2 ** 31 - 1;

/** Starts checks when their time comes: never the same one twice at once, never more of a kind than allowed. */
export class Dispatcher {
  readonly #task: RunTask;
  readonly #random: () => number;
  readonly #lanes: Readonly<Record<Check['kind'], Lane>>;
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #skipped = 0;

  constructor(task: RunTask, concurrency: Concurrency, random: () => number = Math.random) {
    this.#task = task;
    this.#random = random;
    this.#lanes = {
      http: new Lane(concurrency.http),
      browser: new Lane(concurrency.browser),
      expectation: new Lane(concurrency.expectation),
    };
  }

  /** Starts that fell away so far. */
  get skipped(): number {
    return this.#skipped;
  }

  /** The checks there are from now on. One whose schedule is unchanged keeps its beat; one under way finishes. */
  setChecks(checks: readonly Check[]): void {
    const wanted = new Map(checks.filter(({ enabled }) => enabled).map((check) => [check.name, check]));
    for (const [name, entry] of this.#entries) {
      if (wanted.has(name)) continue;
      clearTimeout(entry.timer);
      this.#entries.delete(name);
    }
    for (const [name, check] of wanted) {
      const entry = this.#entries.get(name);
      if (!entry) {
        const created: Entry = { check, timer: undefined, previous: null, running: false, skipped: 0 };
        this.#entries.set(name, created);
        this.#arm(created);
        continue;
      }
      const sameBeat =
        entry.check.every === check.every && entry.check.cron === check.cron && entry.check.timezone === check.timezone;
      entry.check = check;
      if (sameBeat) continue;
      entry.previous = null;
      this.#arm(entry);
    }
  }

  /** Starts no more, aborts what runs, and waits for it. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the runner stops'));
    for (const entry of this.#entries.values()) clearTimeout(entry.timer);
    this.#entries.clear();
    await Promise.all(this.#running);
  }

  #arm(entry: Entry): void {
    clearTimeout(entry.timer);
    const now = Date.now();
    const start = nextStart(entry.check, entry.previous, now, this.#random);
    if (start === null || this.#stop.signal.aborted) return;
    const wait = start - now;
    if (wait > TIMER_LIMIT_MS) {
      entry.timer = setTimeout(() => this.#arm(entry), TIMER_LIMIT_MS);
      return;
    }
    entry.timer = setTimeout(
      () => {
        entry.previous = start;
        this.#start(entry);
        this.#arm(entry);
      },
      Math.max(0, wait),
    );
  }

  #start(entry: Entry): void {
    if (entry.running) {
      entry.skipped += 1;
      this.#skipped += 1;
      return;
    }
    entry.running = true;
    const run = this.#lanes[entry.check.kind]
      .run(async () => {
        if (this.#stop.signal.aborted) return;
        const { skipped } = entry;
        entry.skipped = 0;
        await this.#task(entry.check, skipped, this.#stop.signal);
      })
      .finally(() => {
        entry.running = false;
        this.#running.delete(run);
      });
    this.#running.add(run);
  }
}
