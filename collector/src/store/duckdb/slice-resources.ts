import type { QueryRunner } from './read/query-runner.js';
import { SliceTable } from './slice-table.js';
import type { Slices } from './slices.js';

export type SliceResources = SliceTable<{ id: number; service: string }>;

/** Which service each resource of a sealed slice is of, where there are few: then spans of a service need no join. */
export function sliceResources(slices: Slices, runner: QueryRunner): SliceResources {
  return new SliceTable(slices, runner, {
    table: 'resources',
    columns: 'id, service',
    entryOf: (row) => ({ id: row.id as number, service: row.service as string }),
    isThere: () => true,
    most: 400,
    maxHeld: 200_000,
  });
}
