import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Real milliseconds until a process notices that its clock was set. */
export const NOTICED_MS = 100;

/**
 * The wall clock of some processes, which can be set while they run; clocks that nobody can set, by which a process
 * measures how long something took, go on as they do on a real machine.
 */
export class MachineClock {
  readonly #file: string;
  readonly #library: string;

  /** @param library of libfaketime; @param folder where the setting is kept */
  constructor(library: string, folder: string) {
    this.#library = library;
    this.#file = path.join(folder, 'clock-set-by');
    this.set(0);
  }

  /** What a process needs in its environment to have this clock. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      // Every process sees it at once.
      FAKETIME_NO_CACHE: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** Sets it ahead of the right time, or back when less than nothing. */
  set(aheadMs: number): void {
    const seconds = Math.round(aheadMs / 1000);
    writeFileSync(`${this.#file}.new`, `${seconds < 0 ? '' : '+'}${seconds}`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
