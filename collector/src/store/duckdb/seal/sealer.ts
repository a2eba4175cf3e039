import { setTimeout as wait } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StepTrace } from '../../../self/step-trace.js';
import type { Slice } from '../slice.js';
import type { Slices } from '../slices.js';
import { rewriteSlice } from './rewrite-slice.js';

export interface SealerParts {
  connection: DuckDBConnection;
  slices: Slices;
  /** Runs something while nobody commits. */
  betweenCommits: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Lets go of blocks in memory: sealing reads and writes each once. */
  trimBlocks: () => Promise<void>;
  steps: StepTrace;
  warn: (sentence: string) => void;
}

/** Longest pause after a step: others have at least as much time as sealing takes, unless a step was long. */
const MAX_PAUSE_MS = 200;
/** A step that took this long read and wrote a lot. */
const TRIMMED_AFTER_MS = 50;

/** Rewrites slices that nothing is received for any more, one at a time. */
export class Sealer {
  readonly #parts: SealerParts;
  readonly #stopping = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: SealerParts) {
    this.#parts = parts;
  }

  /**
   * Puts a rewritten file in the place of the slice's, without the rows of some signals. Questions go on meanwhile.
   * @returns false when something was written to the slice meanwhile: it stays as it is
   */
  seal(slice: Slice, without: readonly number[]): Promise<boolean> {
    const turn = this.#turn.then(() => this.#seal(slice, without));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Gives up what is under way; resolves when nothing is. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#turn;
  }

  close(): void {
    this.#parts.connection.closeSync();
  }

  async #seal(slice: Slice, without: readonly number[]): Promise<boolean> {
    const { slices } = this.#parts;
    this.#stopping.signal.throwIfAborted();
    await slices.attach(slice);
    const release = slices.hold(slice);
    try {
      return await this.#sealHeld(slice, without);
    } finally {
      release();
    }
  }

  async #sealHeld(slice: Slice, without: readonly number[]): Promise<boolean> {
    const { connection, slices, betweenCommits, trimBlocks, steps, warn } = this.#parts;
    const { signal } = this.#stopping;
    const commits = await betweenCommits(() => Promise.resolve(slice.commits));
    await rewriteSlice(connection, slice, {
      file: slices.unfinishedFile(slice),
      without,
      pause: async (tookMs) => {
        if (tookMs > TRIMMED_AFTER_MS) await trimBlocks();
        await wait(Math.min(tookMs, MAX_PAUSE_MS), undefined, { signal });
      },
      signal,
      steps,
      warn,
    });
    return await betweenCommits(async () => {
      if (slice.commits !== commits || slices.known(slice.name) !== slice) return false;
      await slices.replace(slice);
      return true;
    });
  }
}
