/** Past so many they are set half as often: an hour's backlog is known to some seconds, and memory is bounded. */
const MOST_MARKS = 1000;

interface Mark {
  /** Where the log ended. */
  end: number;
  /** When, by the steady clock. */
  atMs: number;
}

/**
 * How long the oldest record that is not stored has waited. It is measured by when the log was seen to reach so far, by
 * a clock that nobody sets: the wall clock may have been set since a record was received, more than once. Only of what
 * the log held before this process began is nothing better known than the time in the record.
 */
export class Backlog {
  readonly #foundEnd: number;
  readonly #steadyMs: () => number;
  /** Of what was found: since when the oldest that is not stored has waited. */
  #foundSinceMs: number;
  #storedTo = 0;
  /** Ends behind what is stored, in order. */
  #marks: Mark[] = [];
  /** The least time between two. */
  #apartMs = 0;

  /**
   * @param foundEnd where the log ends now
   * @param steadyMs a clock that nobody sets; only differences count
   */
  constructor(foundEnd: number, steadyMs: () => number = () => performance.now()) {
    this.#foundEnd = foundEnd;
    this.#steadyMs = steadyMs;
    this.#foundSinceMs = steadyMs();
  }

  /** The log reaches so far now. To be told a few times a second: what comes between two calls is as old as the later. */
  reaches(end: number): void {
    const atMs = this.#steadyMs();
    const last = this.#marks.at(-1);
    if (end <= (last?.end ?? Math.max(this.#foundEnd, this.#storedTo))) return;
    if (last !== undefined && atMs - last.atMs < this.#apartMs) return;
    this.#marks.push({ end, atMs });
    if (this.#marks.length <= MOST_MARKS) return;
    this.#marks = this.#marks.filter((_, at) => at % 2 === 0);
    this.#apartMs = (2 * (atMs - (this.#marks[0]?.atMs ?? atMs))) / MOST_MARKS;
  }

  /** Everything before `to` is stored; `receivedMs` is when the newest of it was received, by the wall clock, where known. */
  stored(to: number, receivedMs?: number, wallMs: number = Date.now()): void {
    this.#storedTo = to;
    if (to < this.#foundEnd && receivedMs !== undefined)
      this.#foundSinceMs = this.#steadyMs() - Math.max(0, wallMs - receivedMs);
    const waiting = this.#marks.findIndex(({ end }) => end > to);
    this.#marks = waiting < 0 ? [] : this.#marks.slice(waiting);
    if (waiting < 0) this.#apartMs = 0;
  }

  /** Milliseconds; 0 when nothing waits. */
  waitedMs(): number {
    const sinceMs = this.#storedTo < this.#foundEnd ? this.#foundSinceMs : this.#marks[0]?.atMs;
    return sinceMs === undefined ? 0 : Math.round(this.#steadyMs() - sinceMs);
  }
}
