/** Everything that has an index per slice of arrival. */
export const SLICED_KINDS = [
  'spans',
  'logs',
  'metrics',
  'red',
  'edges',
  'traces',
  'saga-facts',
  'breaker-facts',
  'dead-letters',
] as const;
export type SlicedKind = (typeof SLICED_KINDS)[number];
/** Small things that outlive slices. */
export type LastingKind = 'senders' | 'control';
export type IndexKind = SlicedKind | LastingKind;

const HOUR_MS = 3_600_000;

/**
 * Names of indices. The receive time in the log's record decides the slice, so a record that is sent again meets its
 * first copy: ids are unique only within one index.
 */
export class IndexNames {
  readonly #prefix: string;
  readonly #sliceMs: number;

  constructor(prefix: string, sliceHours: number) {
    this.#prefix = prefix;
    this.#sliceMs = sliceHours * HOUR_MS;
  }

  /** Reads go through this alias, which every slice of the kind joins by its template. */
  alias(kind: IndexKind): string {
    return `${this.#prefix}-${kind}`;
  }

  pattern(kind: SlicedKind): string {
    return `${this.#prefix}-${kind}-*`;
  }

  sliceStartMs(receivedNano: bigint): number {
    return Math.floor(Number(receivedNano / 1_000_000n) / this.#sliceMs) * this.#sliceMs;
  }

  previousSliceMs(sliceStartMs: number): number {
    return sliceStartMs - this.#sliceMs;
  }

  get sliceMs(): number {
    return this.#sliceMs;
  }

  /** `orrery-spans-2026.11.21`; slices that begin within a day carry the hour as well. */
  slice(kind: SlicedKind, sliceStartMs: number): string {
    const iso = new Date(Math.min(sliceStartMs, 8.64e15)).toISOString();
    const day = iso.slice(0, 10).replaceAll('-', '.');
    const name = this.#sliceMs % (24 * HOUR_MS) === 0 ? day : `${day}.${iso.slice(11, 13)}`;
    return `${this.#prefix}-${kind}-${name}`;
  }

  /** When the slice of this name began; null for a name that is not one of ours. */
  startOf(index: string): number | null {
    const match = /-(\d{4})\.(\d{2})\.(\d{2})(?:\.(\d{2}))?$/.exec(index);
    if (!match || !index.startsWith(`${this.#prefix}-`)) return null;
    return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]), Number(match[4] ?? 0));
  }
}
