/** Processes of one machine read the clock a moment apart. */
const APART_MS = 1000;

/**
 * How long ago records were received, for figures: their times are of the wall clock, which may be set between their
 * receipt and now. What it showed when this was last asked is remembered; of the two ages the one that can be is taken.
 */
export class ReceivedAge {
  readonly #steadyMs: () => number;
  #aheadMs: number;

  /** @param steadyMs a clock that nobody sets; only differences count */
  constructor(wallMs: number = Date.now(), steadyMs: () => number = () => performance.now()) {
    this.#steadyMs = steadyMs;
    this.#aheadMs = wallMs - steadyMs();
  }

  /** Milliseconds. */
  of(receivedMs: number, wallMs: number = Date.now()): number {
    const steadyMs = this.#steadyMs();
    const ages = [wallMs, steadyMs + this.#aheadMs].map((nowMs) => nowMs - receivedMs).filter((age) => age > -APART_MS);
    this.#aheadMs = wallMs - steadyMs;
    return ages.length === 0 ? 0 : Math.max(0, Math.min(...ages));
  }
}
