import type { FilterNode } from '../../query/ast.js';
import type { FilterSignal } from '../../query/columns.js';
import { parseFilter } from '../../query/parse-filter.js';
import { resolveField } from '../../query/resolve-field.js';
import type { ResolvedRange } from '../contract/index.js';
import { ApiError } from './api-error.js';
import { resolveRange } from './resolve-range.js';

type Without<Query, Keys extends string> = Omit<Query, Keys> & { range: ResolvedRange; nowMs: number };

/** A query with its range resolved. Absent cursors stay absent. */
export function asked<Query extends { from: string; to: string }>(query: Query): Without<Query, 'from' | 'to'> {
  const nowMs = Date.now();
  const { from, to, ...rest } = query;
  return { ...rest, range: resolveRange({ from, to }, nowMs), nowMs };
}

/** The same with its filter parsed. */
export function filtered<Query extends { from: string; to: string; q: string }>(
  query: Query,
  signal: FilterSignal,
): Without<Query, 'from' | 'to' | 'q'> & { filter: FilterNode } {
  const { q, ...rest } = query;
  const filter = filterOf(q, signal);
  return { ...asked(rest as Omit<Query, 'q'> & { from: string; to: string }), filter } as Without<
    Query,
    'from' | 'to' | 'q'
  > & { filter: FilterNode };
}

/** @throws ApiError `filter_invalid` with the position of every fault. */
export function filterOf(q: string, signal: FilterSignal): FilterNode {
  const { filter, faults } = parseFilter(q, signal);
  if (faults.length === 0) return filter;
  throw new ApiError('filter_invalid', faults.map(({ message }) => message).join(' '), {
    faults: faults.map(({ position, message }) => ({ path: 'q', message, position })),
  });
}

/** Refuses names of fields that the signal cannot have, before a store meets them. */
export function checkFields(names: { path: string; name: string }[], signal: FilterSignal): void {
  const faults = names.flatMap(({ path, name }) => {
    const resolved = resolveField(name, signal);
    return 'message' in resolved ? [{ path, message: resolved.message }] : [];
  });
  if (faults.length > 0)
    throw new ApiError('invalid_request', faults.map(({ message }) => message).join(' '), { faults });
}
