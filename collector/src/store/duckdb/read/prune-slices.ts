import type { FilterNode } from '../../../query/ast.js';
import type { Slice } from '../slice.js';
import type { ReadContext } from './context.js';

type Compare = Extract<FilterNode, { kind: 'compare' }>;

/**
 * Those of `slices` that may hold an item which the filter matches, by what sealed slices know of themselves: their
 * services, and filters over trace and correlation ids. Only what every match must have counts.
 */
export async function pruneSlices(
  { filters }: Pick<ReadContext, 'filters'>,
  slices: readonly Slice[],
  filter: FilterNode,
): Promise<Slice[]> {
  let left = [...slices];
  for (const { field, value } of equalities(filter)) {
    if (field.source !== 'column' || value.text === '') continue;
    if (field.column === 'service') {
      left = left.filter(({ sealed }) => sealed?.services?.includes(value.text) ?? true);
    } else if (field.column === 'correlation_id') {
      left = await filters.ofStored('correlation', value.text, left);
    } else if (field.column === 'trace_id' && /^[\da-f]{32}$/i.test(value.text)) {
      left = await filters.ofStored('trace', BigInt(`0x${value.text}`), left);
    }
  }
  return left;
}

function equalities(filter: FilterNode): Compare[] {
  if (filter.kind === 'and') return filter.nodes.flatMap(equalities);
  return filter.kind === 'compare' && filter.op === '=' ? [filter] : [];
}
