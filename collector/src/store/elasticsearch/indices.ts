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
export const LASTING_KINDS = ['senders', 'control'] as const;
export type LastingKind = (typeof LASTING_KINDS)[number];
export type IndexKind = SlicedKind | LastingKind;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Names of indices. The receive time in the log's record decides the slice, so a record that is sent again meets its
 * first copy: ids are unique only within one index.
 */
export class IndexNames {
  readonly #prefix: string;
  readonly #sliceMs: number;

  constructor(prefix: string, sliceMinutes: number) {
    this.#prefix = prefix;
    this.#sliceMs = sliceMinutes * MINUTE_MS;
  }

  /** Reads go through this alias, which every slice of the kind joins by its template. */
  alias(kind: IndexKind): string {
    return `${this.#prefix}-${kind}`;
  }

  /** Every index and template of ours. */
  get everything(): string {
    return `${this.#prefix}-*`;
  }

  pattern(kind: SlicedKind): string {
    return `${this.#prefix}-${kind}-*`;
  }

  sliceStartMs(receivedNano: bigint): number {
    return this.sliceOf(Number(receivedNano / 1_000_000n));
  }

  /** Start of the slice that the moment lies in. */
  sliceOf(ms: number): number {
    return Math.floor(ms / this.#sliceMs) * this.#sliceMs;
  }

  previousSliceMs(sliceStartMs: number): number {
    return sliceStartMs - this.#sliceMs;
  }

  get sliceMs(): number {
    return this.#sliceMs;
  }

  /** `orrery-spans-2026.11.21`; slices that begin within a day carry the hour as well, and where need be the minute. */
  slice(kind: SlicedKind, sliceStartMs: number): string {
    const iso = new Date(Math.min(sliceStartMs, 8.64e15)).toISOString();
    const day = iso.slice(0, 10).replaceAll('-', '.');
    const hour = this.#sliceMs % (24 * HOUR_MS) === 0 ? '' : `.${iso.slice(11, 13)}`;
    const minute = this.#sliceMs % HOUR_MS === 0 ? '' : `.${iso.slice(14, 16)}`;
    return `${this.#prefix}-${kind}-${day}${hour}${minute}`;
  }

  /** When the slice of this name began; null for a name that is not one of ours. */
  startOf(index: string): number | null {
    const match = /-(\d{4})\.(\d{2})\.(\d{2})(?:\.(\d{2}))?(?:\.(\d{2}))?$/.exec(index);
    if (!match || !index.startsWith(`${this.#prefix}-`)) return null;
    const [year, month, day, hour, minute] = match.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return Date.UTC(year, month - 1, day, hour, minute);
  }
}
