import type { CheckDefinition, CheckRun } from '@orrery/collector/api';
import type { Logger } from 'pino';
import { backoff } from '../schedule/backoff.js';
import { type CollectorClient, CollectorError } from './collector-client.js';
import type { SaidOnce } from './said-once.js';

const RUN_LIMIT = 1000;
/** When there is nothing to tell for so long, a definition is told again: the collector sees that the runner lives. */
const SIGN_OF_LIFE_MS = 30_000;

type Collector = Pick<CollectorClient, 'checks' | 'putCheck' | 'deleteCheck' | 'postRun'>;

/**
 * Tells the collector which checks there are and how they ran. What cannot be told waits: of runs the newest 1000,
 * of definitions all. A collector that has forgotten a check is told again.
 */
export class RunReporter {
  readonly #collector: Collector;
  readonly #log: Logger;
  readonly #said: SaidOnce;
  readonly #runs: CheckRun[] = [];
  #definitions = new Map<string, CheckDefinition>();
  #told = new Map<string, string>();
  /** Checks of earlier runners whose files are gone are asked for once. */
  #swept = false;
  #dropped = 0;
  #failures = 0;
  #working: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(collector: Collector, log: Logger, said: SaidOnce) {
    this.#collector = collector;
    this.#log = log;
    this.#said = said;
  }

  /** Runs that waited too long. */
  get dropped(): number {
    return this.#dropped;
  }

  setDefinitions(definitions: readonly CheckDefinition[]): void {
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    this.#poke();
  }

  add(run: CheckRun): void {
    this.#runs.push(run);
    if (this.#runs.length > RUN_LIMIT) {
      this.#runs.shift();
      this.#dropped += 1;
    }
    this.#poke();
  }

  /** Tries once more to hand over what waits. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#working;
    if (this.#runs.length > 0 && !this.#said.away) await this.#work().catch(() => undefined);
  }

  #poke(): void {
    if (this.#working || this.#stopped) return;
    clearTimeout(this.#timer);
    this.#working = this.#work()
      .then(() => {
        this.#failures = 0;
        this.#said.worked();
      })
      .catch((error: unknown) => {
        this.#failures += 1;
        this.#said.failed(error instanceof Error ? error.message : String(error));
      })
      .finally(() => {
        this.#working = null;
        if (this.#stopped) return;
        if (this.#failures > 0) this.#wake(backoff(this.#failures, 1000, 15_000));
        else if (this.#runs.length > 0) this.#poke();
        else this.#wake(SIGN_OF_LIFE_MS, () => this.#forgetOne());
      });
  }

  #wake(afterMs: number, first: () => void = () => undefined): void {
    this.#timer = setTimeout(() => {
      first();
      this.#poke();
    }, afterMs);
  }

  #forgetOne(): void {
    const [name] = this.#definitions.keys();
    if (name !== undefined) this.#told.delete(name);
  }

  async #work(): Promise<void> {
    await this.#tellDefinitions();
    for (let run = this.#runs[0]; run; run = this.#runs[0]) {
      try {
        await this.#collector.postRun(run);
      } catch (error) {
        if (!(error instanceof CollectorError)) throw error;
        if (error.status === 404 && this.#told.delete(run.check)) {
          await this.#tellDefinitions();
          continue;
        }
        if (error.retryable) throw error;
        this.#log.error({ check: run.check, reason: error.message }, 'a run was refused by the collector');
      }
      // While it was under way the queue may have been cut.
      if (this.#runs[0] === run) this.#runs.shift();
    }
  }

  async #tellDefinitions(): Promise<void> {
    for (const definition of this.#definitions.values()) {
      const text = JSON.stringify(definition);
      if (this.#told.get(definition.name) === text) continue;
      await this.#unlessRefused(() => this.#collector.putCheck(definition), definition.name);
      this.#told.set(definition.name, text);
    }
    const gone = new Set([...this.#told.keys()].filter((name) => !this.#definitions.has(name)));
    if (!this.#swept && this.#definitions.size > 0) {
      for (const { definition } of (await this.#collector.checks()).checks) {
        if (!this.#definitions.has(definition.name)) gone.add(definition.name);
      }
      this.#swept = true;
    }
    for (const name of gone) {
      await this.#unlessRefused(() => this.#collector.deleteCheck(name), name);
      this.#told.delete(name);
    }
  }

  async #unlessRefused(tell: () => Promise<void>, check: string): Promise<void> {
    try {
      await tell();
    } catch (error) {
      if (!(error instanceof CollectorError) || error.retryable) throw error;
      if (error.status !== 404)
        this.#log.error({ check, reason: error.message }, 'a check was refused by the collector');
    }
  }
}
