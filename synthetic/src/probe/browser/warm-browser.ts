import { type Browser, chromium } from 'playwright';
import type { ChromiumFound } from './find-chromium.js';

/** After so many runs the browser is started anew: what leaks in it does not add up for weeks. */
const RUNS_PER_BROWSER = 500;

/** One browser that stays warm between runs; a dead one is replaced. Contexts are never reused. */
export class WarmBrowser {
  readonly #find: () => ChromiumFound;
  #browser: Promise<Browser> | undefined;
  #runs = 0;

  constructor(find: () => ChromiumFound) {
    this.#find = find;
  }

  /** @throws NoBrowserError when there is none to start */
  async acquire(): Promise<Browser> {
    const current = await this.#browser?.catch(() => undefined);
    if (current?.isConnected() && this.#runs < RUNS_PER_BROWSER) {
      this.#runs += 1;
      return current;
    }
    await current?.close().catch(() => undefined);
    const found = this.#find();
    if ('missing' in found) throw new NoBrowserError(found.missing);
    this.#runs = 1;
    this.#browser = chromium
      .launch({
        executablePath: found.executablePath,
        args: [...found.args],
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      })
      .catch((error: unknown) => {
        throw new NoBrowserError(`${found.executablePath} does not start: ${firstLine(error)}`, { cause: error });
      });
    return this.#browser;
  }

  async close(): Promise<void> {
    const browser = await this.#browser?.catch(() => undefined);
    this.#browser = undefined;
    await browser?.close().catch(() => undefined);
  }
}

/** Something is missing on this machine: nothing is said about the system under test. */
export class NoBrowserError extends Error {
  readonly code = 'no_browser';
  readonly retryable = false;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NoBrowserError';
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
