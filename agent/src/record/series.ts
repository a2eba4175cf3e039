import type { Attributes } from '@opentelemetry/api';

const OVERFLOW_ATTRIBUTE = 'otel.metric.overflow';
/** Rows that are compared before a text is made of a set of attributes to look it up by: most instruments have few. */
const RECENT = 8;

/** One series' place in its instrument's arrays, and what tells it from the others. */
export interface SeriesRow {
  readonly index: number;
  readonly attributes: Attributes;
}

/** A row and how many attributes it has. */
interface RecentRow {
  readonly row: SeriesRow;
  readonly size: number;
}

/**
 * Finds the row of a set of attributes, order indifferent, up to a bound; what is beyond shares one row that says so
 * (OTel metrics SDK, "Overflow attribute").
 */
export class SeriesIndex {
  readonly rows: SeriesRow[] = [];
  private readonly byKey = new Map<string, SeriesRow>();
  private readonly recent: RecentRow[] = [];
  private oldest = 0;
  private overflow: SeriesRow | undefined;

  /** @param onFull called when an attribute set finds no place for itself */
  constructor(
    private readonly limit: number,
    private readonly onFull: () => void = () => undefined,
  ) {}

  rowOf(attributes: Attributes): SeriesRow {
    for (const recent of this.recent) if (isOf(recent, attributes)) return recent.row;
    const key = keyOf(attributes);
    const known = this.byKey.get(key);
    if (known !== undefined) {
      this.remember(known);
      return known;
    }
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
    this.recent.length = 0;
    this.oldest = 0;
    this.byKey.clear();
    this.overflow = undefined;
  }

  private remember(row: SeriesRow): void {
    this.recent[this.oldest] = { row, size: Object.keys(row.attributes).length };
    this.oldest = (this.oldest + 1) % RECENT;
  }

  private add(attributes: Attributes): SeriesRow {
    const row = { index: this.rows.length, attributes: { ...attributes } };
    this.rows.push(row);
    return row;
  }
}

/** What is no plain value is left to the text: a list is equal to another by what is in it. */
function isOf({ row, size }: RecentRow, attributes: Attributes): boolean {
  let count = 0;
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined || typeof value === 'object' || row.attributes[key] !== value) return false;
    count++;
  }
  return count === size;
}

function keyOf(attributes: Attributes): string {
  const keys = Object.keys(attributes);
  if (keys.length > 1) keys.sort();
  let key = '';
  for (const name of keys) key += `${name}\u0000${typeof attributes[name]}${String(attributes[name])}\u0001`;
  return key;
}
