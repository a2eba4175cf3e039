import type { Attributes } from '@opentelemetry/api';

const OVERFLOW_ATTRIBUTE = 'otel.metric.overflow';

/** One series' place in its instrument's arrays, and what tells it from the others. */
export interface SeriesRow {
  readonly index: number;
  readonly attributes: Attributes;
}

/**
 * Finds the row of a set of attributes, order indifferent, up to a bound; what is beyond shares one row that says so
 * (OTel metrics SDK, "Overflow attribute").
 */
export class SeriesIndex {
  readonly rows: SeriesRow[] = [];
  private readonly byKey = new Map<string, SeriesRow>();
  private overflow: SeriesRow | undefined;

  /** @param onFull called when an attribute set finds no place for itself */
  constructor(
    private readonly limit: number,
    private readonly onFull: () => void = () => undefined,
  ) {}

  rowOf(attributes: Attributes): SeriesRow {
    const key = keyOf(attributes);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    if (this.rows.length >= this.limit - 1) {
      if (this.overflow === undefined) {
        this.overflow = this.add({ [OVERFLOW_ATTRIBUTE]: true });
        this.onFull();
      }
      return this.overflow;
    }
    const row = this.add(attributes);
    this.byKey.set(key, row);
    return row;
  }

  clear(): void {
    this.rows.length = 0;
    this.byKey.clear();
    this.overflow = undefined;
  }

  private add(attributes: Attributes): SeriesRow {
    const row = { index: this.rows.length, attributes: { ...attributes } };
    this.rows.push(row);
    return row;
  }
}

function keyOf(attributes: Attributes): string {
  const keys = Object.keys(attributes);
  if (keys.length > 1) keys.sort();
  let key = '';
  for (const name of keys) key += `${name}\u0000${typeof attributes[name]}${String(attributes[name])}\u0001`;
  return key;
}
