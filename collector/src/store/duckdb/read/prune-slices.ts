import type { FilterNode } from '../../../query/ast.js';
import type { Slice } from '../slice.js';
import { slicesHaving, type WantedSpan } from '../slice-operations.js';
import type { ReadContext } from './context.js';

type Compare = Extract<FilterNode, { kind: 'compare' }>;

/**
 * Those of `slices` that may hold an item which the filter matches, by what sealed slices know of themselves: their
 * services and operations, and filters over trace and correlation ids. Only what every match must have counts.
 */
export async function pruneSlices(
  { filters, operations }: Pick<ReadContext, 'filters' | 'operations'>,
  slices: readonly Slice[],
  filter: FilterNode,
  signal: AbortSignal,
): Promise<Slice[]> {
  let left = [...slices];
  const wanted: WantedSpan = { leastNano: leastDuration(filter) };
  for (const { field, op, value } of requiredCompares(filter)) {
    if (op !== '=' || field.source !== 'column' || value.text === '') continue;
    if (field.column === 'service') {
      left = left.filter(({ sealed }) => sealed?.services?.includes(value.text) ?? true);
      wanted.service = value.text;
    } else if (field.column === 'name') {
      wanted.name = value.text;
    } else if (field.column === 'correlation_id') {
      left = await filters.ofStored('correlation', value.text, left);
    } else if (field.column === 'trace_id' && /^[\da-f]{32}$/i.test(value.text)) {
      left = await filters.ofStored('trace', BigInt(`0x${value.text}`), left);
    }
  }
  // Only spans have names and durations.
  const isOfSpans = wanted.name !== undefined || wanted.leastNano > 0n;
  return isOfSpans ? await slicesHaving(operations, wanted, left, signal) : left;
}

/** Comparisons that hold for everything the filter matches. */
function requiredCompares(filter: FilterNode): Compare[] {
  if (filter.kind === 'and') return filter.nodes.flatMap(requiredCompares);
  return filter.kind === 'compare' ? [filter] : [];
}

/** Nanoseconds that every span which the filter matches takes at least; 0 when it does not say. */
export function leastDuration(filter: FilterNode): bigint {
  const bounds = requiredCompares(filter)
    .filter(({ field, op }) => field.source === 'column' && field.column === 'duration' && (op === '>' || op === '>='))
    // A little less than said, so that no rounding of the exact comparison is stricter than this.
    .map(({ value }) => (value.type === 'number' ? Math.floor(value.number * 1e6 * (1 - 1e-9)) - 1 : 0));
  const most = Math.max(0, ...bounds);
  return Number.isFinite(most) ? BigInt(most) : 0n;
}

/** The name, or the service, that every span which the filter matches has; null when it does not say. */
export function requiredText(filter: FilterNode, column: 'name' | 'service'): string | null {
  const named = requiredCompares(filter).find(
    ({ field, op, value }) => field.source === 'column' && field.column === column && op === '=' && value.text !== '',
  );
  return named?.value.text ?? null;
}
