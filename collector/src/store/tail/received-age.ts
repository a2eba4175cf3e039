/** Processes of one machine read the clock a moment apart. */
const APART_MS = 1000;
/** How long after the clock was set records may still be stored that were received before. */
const REMEMBERED_MS = 30_000;

/** How far the wall clock was ahead of the steady one, and until when, by the steady one. */
interface Setting {
  aheadMs: number;
  untilMs: number;
}

/**
 * How long ago records were received, for figures: their times are of the wall clock, which may be set between their
 * receipt and now, and more than one write may follow then of records from before. What the clock showed lately is
 * remembered; of the ages by each the smallest that can be is taken.
 */
export class ReceivedAge {
  readonly #steadyMs: () => number;
  /** The present one last. */
  #settings: Setting[] = [];

  /** @param steadyMs a clock that nobody sets; only differences count */
  constructor(wallMs: number = Date.now(), steadyMs: () => number = () => performance.now()) {
    this.#steadyMs = steadyMs;
    this.#see(wallMs, steadyMs());
  }

  /** Milliseconds. */
  of(receivedMs: number, wallMs: number = Date.now()): number {
    const steadyMs = this.#steadyMs();
    this.#see(wallMs, steadyMs);
    const ages = this.#settings.map(({ aheadMs }) => steadyMs + aheadMs - receivedMs).filter((age) => age > -APART_MS);
    return ages.length === 0 ? 0 : Math.max(0, Math.min(...ages));
  }

  #see(wallMs: number, steadyMs: number): void {
    const aheadMs = wallMs - steadyMs;
    const present = this.#settings.at(-1);
    // A clock that is slewed is the same one still.
    if (present !== undefined && Math.abs(present.aheadMs - aheadMs) < APART_MS) this.#settings.pop();
    this.#settings = this.#settings.filter(({ untilMs }) => steadyMs - untilMs < REMEMBERED_MS);
    this.#settings.push({ aheadMs, untilMs: steadyMs });
  }
}
