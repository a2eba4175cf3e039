import type { FieldValues } from '../../api/contract/index.js';

/** Values by how often they were seen, then by themselves; no more than `limit`. */
export function mostFrequent(
  counts: ReadonlyMap<string, number>,
  limit: number,
): Pick<FieldValues, 'values' | 'truncated'> {
  const values = [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return { values: values.slice(0, limit), truncated: values.length > limit };
}
