import type { estypes } from '@elastic/elasticsearch';
import type { FieldRef } from '../../../query/ast.js';
import { mayBeField, numberOfSortable, termRange } from '../attribute-terms.js';
import { columnField } from './filter-query.js';
import { type Query, type Search } from './search.js';

/** One of the places that a field's value may stand in, in the order in which they count. */
export interface Variant {
  field: string;
  /** The value as text; null when the bucket's key is none of this field. */
  text(key: unknown): string | null;
  numeric: boolean;
  there: Query;
  /** What terms of the field's values begin with, where they are texts; null where they are not. */
  begins: ((prefix: string) => string) | null;
}

/**
 * Where the values of a field stand among the documents of a query: an attribute may be a string in one, a number in the
 * next, and come from the resource in a third. Only places that occur are returned.
 */
export async function fieldVariants(
  search: Search,
  kind: 'spans' | 'logs',
  query: Query,
  field: FieldRef,
  signal: AbortSignal,
): Promise<Variant[]> {
  const candidates = candidatesOf(field);
  if (field.source === 'column') return candidates;
  const { aggregations } = await search.ask(
    kind,
    {
      query,
      size: 0,
      aggs: Object.fromEntries(
        candidates.map((candidate, place): [string, estypes.AggregationsAggregationContainer] => [
          String(place),
          { filter: candidate.there },
        ]),
      ),
    },
    signal,
  );
  return candidates.filter((_, place) => (aggregations[String(place)]?.doc_count ?? 0) > 0);
}

function candidatesOf(field: FieldRef): Variant[] {
  if (field.source === 'column') {
    const name = columnField(field.column);
    const numeric = field.column === 'duration';
    return [{ field: name, numeric, text: plainText, there: { exists: { field: name } }, begins: null }];
  }
  const key = field.name;
  return (['attributes', 'resource'] as const).flatMap((owner) => {
    const typed = (type: string, numeric: boolean, text: (key: unknown) => string | null): Variant => {
      const name = `${owner}.${type}.${key}`;
      const begins = type === 'str' ? String : null;
      return { field: name, numeric, text, there: { exists: { field: name } }, begins };
    };
    const { from, to } = termRange(key);
    const listed = (type: string, text: (value: string) => string): Variant => ({
      field: `${owner}.more.${type}`,
      numeric: false,
      text: (term) => (typeof term === 'string' && term.startsWith(from) ? text(term.slice(from.length)) : null),
      there: { range: { [`${owner}.more.${type}`]: { gte: from, lt: to } } },
      // The text of a number begins otherwise than its term.
      begins: (prefix) => (type === 'num' ? from : from + prefix),
    });
    return [
      ...(mayBeField(key)
        ? [typed('str', false, plainText), typed('num', true, plainText), typed('bool', false, booleanText)]
        : []),
      listed('str', String),
      listed('num', (value) => String(numberOfSortable(value))),
      listed('bool', String),
    ];
  });
}

function plainText(key: unknown): string | null {
  return key === null || key === undefined ? null : String(key);
}

/** Terms of a boolean field are numbers in some answers. */
function booleanText(key: unknown): string | null {
  if (key === null || key === undefined) return null;
  return key === true || key === 1 || key === 'true' ? 'true' : 'false';
}
