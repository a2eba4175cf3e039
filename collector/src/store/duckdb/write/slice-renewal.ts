import { stat } from 'node:fs/promises';
import type { RunningQuestions } from '../running-questions.js';
import type { Slice } from '../slice.js';
import type { Slices } from '../slices.js';

/** Checkpoints from one renewal to the next: some 15 MB at 50,000 spans a second, and at a fifth of it. */
export const RENEWED_AFTER = 25;
/** How long questions may be kept waiting by one that does not end, when there was no moment without any. */
const PATIENCE_MS = 1000;

export interface SliceRenewalOptions {
  slices: Slices;
  questions: RunningQuestions;
  /** Checkpoints after which the newest slice is attached anew. */
  after: number;
  warn: (sentence: string) => void;
}

/**
 * Keeps what DuckDB knows of a busy slice small. Every row group that it wrote to a file stays described in memory, a
 * kilobyte for each piece of each column, for as long as the file is attached: 7 MB a minute at 50,000 spans a second.
 * Of a file that is attached anew it knows only what somebody reads. That happens between two commits, at a moment
 * without a question, which is soon found; if not, the questions that come wait a moment for those that run.
 */
export class SliceRenewal {
  readonly #options: SliceRenewalOptions;
  #file = '';
  #logBytes = 0;
  #checkpoints = 0;

  constructor(options: SliceRenewalOptions) {
    this.#options = options;
  }

  /** To be told after every commit, before the next. */
  async stored(slice: Slice): Promise<void> {
    const { slices, questions, after, warn } = this.#options;
    // Whoever uses a slice beside questions and the writer does so with older ones: see sealer.ts.
    if (slices.all().at(-1) !== slice) return;
    if (slice.path !== this.#file) {
      this.#file = slice.path;
      this.#logBytes = 0;
      this.#checkpoints = 0;
    }
    // Each commit makes DuckDB's own log longer; with a checkpoint it begins anew.
    const logBytes = (await stat(`${slice.path}.wal`).catch(() => null))?.size ?? 0;
    if (logBytes <= this.#logBytes) this.#checkpoints += 1;
    this.#logBytes = logBytes;
    if (this.#checkpoints < after) return;
    const isOverdue = this.#checkpoints >= 2 * after;
    try {
      const done = await questions.whenNone(isOverdue ? PATIENCE_MS : 0, () => slices.renew(slice));
      if (done) this.#checkpoints = 0;
      else if (isOverdue) this.#checkpoints = after;
    } catch (error) {
      // Everything is stored. A file that could not be attached again is tried again by the next who needs it.
      this.#checkpoints = 0;
      warn(`The slice ${slice.name} could not be attached anew: ${(error as Error).message}`);
    }
  }
}
