import { setTimeout as wait } from 'node:timers/promises';
import type { Step } from '../../src/self/step-trace.js';
import type { Random } from '../fuzz/random.js';
import type { Role, Victim } from './victim.js';
import { Strikes, WINDOWS, type Window } from './windows.js';

/** How long to wait for a process to come to a step before it is killed wherever it is. */
const HOLD_MS = 12_000;
const PROGRESS_MS = 60_000;
/** Every so many kills strike at random instead of at a step. */
const CHANCE = 0.3;
/** Steps that come every few seconds only. */
const RARE: readonly Window['after'][] = ['log.begun', 'log.hashed', 'log.deleted', 'store.attached'];
/** Of those at a step, so many take the other process along. */
const BOTH = 0.15;

export interface KillerOptions {
  /** Both processes die whenever one is to, as they do when the power goes. */
  together: boolean;
  /** The steps to aim at; all of them when left out. */
  aim?: readonly Step[] | undefined;
  /** What happens to the files before the processes start again. */
  onKilled: () => Promise<void>;
}

/** Kills the processes of one collector with `kill -9`, at chosen steps and at random, and starts them again. */
export class Killer {
  readonly strikes = new Strikes();
  readonly #victims: Record<Role, Victim>;
  readonly #random: Random;
  readonly #options: KillerOptions;
  #queue: Window[] = [];

  constructor(victims: Record<Role, Victim>, random: Random, options: KillerOptions) {
    this.#victims = victims;
    this.#random = random;
    this.#options = options;
  }

  async kill(): Promise<void> {
    if (this.#random.chance(CHANCE)) {
      const role = this.#random.pick(['ingest', 'store'] as const);
      await this.#progress(role);
      await wait(this.#random.int(500));
      await this.#strike([role], null);
      return;
    }
    const { role, after } = this.#next();
    const victim = this.#victims[role];
    await this.#progress(role);
    const { pid } = victim;
    victim.hold(after, RARE.includes(after) ? 1 : 1 + this.#random.int(3));
    await until(() => victim.steps.heldAt(pid) !== null || victim.crashed, HOLD_MS);
    victim.letGo();
    const held = victim.steps.heldAt(pid);
    const other = role === 'ingest' ? 'store' : 'ingest';
    await this.#strike(this.#random.chance(BOTH) ? [role, other] : [role], held === null ? null : role);
  }

  /** Every window in turn, in an order of its own each time. */
  #next(): Window {
    if (this.#queue.length === 0) {
      this.#queue = WINDOWS.filter(
        ({ aimed, after }) => aimed && (after === '' || (this.#options.aim?.includes(after) ?? true)),
      )
        .map((window) => ({ window, at: this.#random.next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ window }) => window);
    }
    return this.#queue.pop() as Window;
  }

  /**
   * Waits until the process has got on since its start: a store that dies again and again over the same records sets
   * them aside, as it should.
   */
  async #progress(role: Role): Promise<void> {
    const victim = this.#victims[role];
    const step = role === 'store' ? 'store.released' : 'intake.answering';
    const gotOn = () => victim.crashed || victim.steps.countOf(victim.pid, step) > 0;
    if (!(await until(gotOn, PROGRESS_MS)) || victim.crashed) {
      throw new Error(`The ${role} process does not get on:\n${victim.output}`);
    }
  }

  async #strike(roles: Role[], aimed: Role | null): Promise<void> {
    const struck = this.#options.together ? (['ingest', 'store'] as const) : roles;
    await Promise.all(
      struck.map(async (role) => {
        const victim = this.#victims[role];
        const { pid } = victim;
        await victim.end('SIGKILL');
        this.strikes.add(role, victim.steps.lastOf(pid), role === aimed);
      }),
    );
    await this.#options.onKilled();
    await Promise.all(struck.map((role) => this.#victims[role].start()));
  }
}

/** False when it did not come true in time. */
export async function until(check: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > deadline) return false;
    await wait(5);
  }
  return true;
}
