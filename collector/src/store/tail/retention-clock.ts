import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FILE = 'clock';
/** A clock that is this far ahead was set, or the collector was off; less does little harm. */
const JUMP_MS = 3_600_000;
/** How long a clock that was set forward has to stand before it is believed: time to notice and set it right. */
const PATIENCE_MS = 3_600_000;

/**
 * The time that ages are measured against. Retention deletes, so a wall clock that leapt ahead (set wrong, a machine
 * without a battery) must not make everything look old at once: after a leap time goes on from where it was, and the new
 * one is believed once it has stood for an hour. A clock that was set back is believed at once: it keeps more.
 */
export class RetentionClock {
  readonly #file: string;
  readonly #steadyMs: () => number;
  #believedMs: number | null;
  #atMs: number;
  #leaptAtMs: number | null = null;

  /** @param steadyMs a clock that nobody sets; only differences count */
  constructor(dataDirectory: string, steadyMs: () => number = () => performance.now()) {
    this.#file = path.join(dataDirectory, FILE);
    this.#steadyMs = steadyMs;
    this.#believedMs = read(this.#file);
    this.#atMs = steadyMs();
  }

  /** Unix milliseconds; to be asked every now and then, so that a restart knows when that was. */
  now(wallMs: number): { ms: number; leapt: boolean } {
    const steadyMs = this.#steadyMs();
    const expectedMs = this.#believedMs === null ? wallMs : this.#believedMs + steadyMs - this.#atMs;
    if (wallMs <= expectedMs + JUMP_MS) this.#leaptAtMs = null;
    else this.#leaptAtMs ??= steadyMs;
    const leapt = this.#leaptAtMs !== null && steadyMs - this.#leaptAtMs < PATIENCE_MS;
    this.#believedMs = leapt ? expectedMs : wallMs;
    if (!leapt) this.#leaptAtMs = null;
    this.#atMs = steadyMs;
    this.#write(this.#believedMs);
    return { ms: this.#believedMs, leapt };
  }

  /** Losing it means that the next start believes the wall clock. */
  #write(ms: number): void {
    try {
      writeFileSync(`${this.#file}.new`, String(Math.floor(ms)));
      renameSync(`${this.#file}.new`, this.#file);
    } catch {
      // A full disk: the next time will do.
    }
  }
}

function read(file: string): number | null {
  try {
    const ms = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(ms) && ms > 0 ? ms : null;
  } catch {
    return null;
  }
}
