import { addressKey } from '../../project/map/fold-map.js';
import type { QueryRunner } from './read/query-runner.js';
import { SliceTable } from './slice-table.js';
import type { Slices } from './slices.js';

export type SliceResolutions = SliceTable<{ key: string; service: string }>;

/** Which services answered at addresses that calls named, as it was found out when slices were sealed. */
export function sliceResolutions(slices: Slices, runner: QueryRunner): SliceResolutions {
  return new SliceTable(slices, runner, {
    table: 'resolutions',
    columns: 'source, target, service',
    entryOf: (row) => ({
      key: addressKey({ source: row.source as string, target: row.target as string }),
      service: row.service as string,
    }),
    isThere: () => true,
    most: Number.POSITIVE_INFINITY,
    maxHeld: 200_000,
  });
}
