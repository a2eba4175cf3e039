import type { Logger } from 'pino';

/** Says that something is away once, and once that it is back: not a line for every try. */
export class SaidOnce {
  readonly #log: Logger;
  readonly #what: string;
  #awaySince: number | null = null;

  constructor(log: Logger, what: string) {
    this.#log = log;
    this.#what = what;
  }

  get away(): boolean {
    return this.#awaySince !== null;
  }

  failed(reason: string): void {
    if (this.#awaySince !== null) return;
    this.#awaySince = Date.now();
    this.#log.warn({ reason }, `${this.#what} does not answer; going on without, and trying again`);
  }

  worked(): void {
    if (this.#awaySince === null) return;
    this.#log.info({ away_ms: Date.now() - this.#awaySince }, `${this.#what} answers again`);
    this.#awaySince = null;
  }
}
