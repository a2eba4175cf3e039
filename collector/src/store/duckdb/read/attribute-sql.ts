import { PROMOTED, promotedColumn } from '../schema.js';
import type { Params } from './params.js';

export type ItemSignal = 'spans' | 'logs' | 'series';

/** How an attribute shows in the rows of {@link itemsSql}: its value as text and its type; both NULL when missing. */
export interface AttributeColumns {
  value: string;
  type: string;
}

/** The attributes a question needs, each joined in once. */
export class AttributeJoins {
  readonly #names = new Map<string, number>();

  column(name: string): AttributeColumns {
    let place = this.#names.get(name);
    if (place === undefined) this.#names.set(name, (place = this.#names.size));
    return { value: `i.a${place}`, type: `i.y${place}` };
  }

  /** Parts of a SELECT over one slice's items `s` and resources `r` that bring the attributes in. */
  partsOf(
    catalog: string,
    signal: ItemSignal,
    params: Params,
  ): { columns: string[]; joins: string[]; found: string[] } {
    const columns: string[] = [];
    const joins: string[] = [];
    const found: string[] = [];
    for (const [name, place] of this.#names) {
      const key = params.text(name);
      // Of a key that stands twice the first counts; list_position finds that one.
      joins.push(
        `LEFT JOIN (SELECT id, types[p] AS type, places[p] AS place FROM (
           SELECT id, types, places, list_position(keys, ${key}) AS p FROM ${catalog}.shapes) WHERE p > 0
         ) f${place} ON f${place}.id = s.shape`,
      );
      found.push(`list_position(keys, ${key}) AS g${place}`);
      const own = isPromoted(signal, name) ? `s.${promotedColumn(name)}` : `s.vals[f${place}.place]`;
      columns.push(
        `CASE WHEN f${place}.type IS NOT NULL THEN ${own} ELSE r.vals[r.g${place}] END AS a${place}`,
        `coalesce(f${place}.type, r.types[r.g${place}]) AS y${place}`,
      );
    }
    return { columns, joins, found };
  }
}

function isPromoted(signal: ItemSignal, name: string): boolean {
  return signal !== 'series' && (PROMOTED[signal] as readonly string[]).includes(name);
}
