import { asciiFold } from '../../../query/ascii-fold.js';
import { patternParts } from '../../../query/wildcard.js';
import type { Params } from './params.js';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Lower case in ASCII only: DuckDB's own `lower` and ILIKE change letters beyond it. */
function folded(sql: string): string {
  return `translate(${sql}, '${UPPER}', '${UPPER.toLowerCase()}')`;
}

/**
 * Whether `sql` contains `text`, case-insensitive in ASCII. The quick test finds everything the exact one does and a
 * little more, so that the slow folding runs on what is nearly sure.
 */
export function containsSql(sql: string, text: string, params: Params): string {
  const wanted = params.text(text);
  const exact = params.text(asciiFold(text));
  return `(contains(lower(${sql}), lower(${wanted})) AND contains(${folded(sql)}, ${exact}))`;
}

/** Whether a wildcard pattern covers the whole of `sql`. */
export function likeSql(sql: string, pattern: string, params: Params): string {
  const like = patternParts(asciiFold(pattern))
    .map(({ char, wild }) => {
      if (wild) return char === '*' ? '%' : '_';
      return char === '%' || char === '_' || char === '\\' ? `\\${char}` : char;
    })
    .join('');
  return `${folded(sql)} LIKE ${params.text(like)} ESCAPE '\\'`;
}
