import type { QueryRunner } from './read/query-runner.js';
import type { Slice } from './slice.js';
import { SliceTable } from './slice-table.js';
import type { Slices } from './slices.js';

interface Operation {
  service: string;
  name: string;
  longestNano: bigint;
}

/** What a span is asked to be; what is left out may be anything. */
export interface WantedSpan {
  service?: string;
  name?: string;
  leastNano: bigint;
}

export type SliceOperations = SliceTable<Operation>;

/** Which operations sealed slices have, and how long the longest span of each took. */
export function sliceOperations(slices: Slices, runner: QueryRunner): SliceOperations {
  return new SliceTable(slices, runner, {
    table: 'operations',
    columns: 'service, name, longest_nano',
    entryOf: (row) => ({
      service: row.service as string,
      name: row.name as string,
      longestNano: row.longest_nano as bigint,
    }),
    isThere: ({ operations }) => operations === true,
    most: Number.POSITIVE_INFINITY,
    maxHeld: 200_000,
  });
}

/** Those of `slices` that have such a span, and those that do not know. */
export async function slicesHaving(
  operations: SliceOperations,
  wanted: WantedSpan,
  slices: readonly Slice[],
  signal: AbortSignal,
): Promise<Slice[]> {
  const known = await operations.of(slices, signal);
  return slices.filter((slice) => known.get(slice)?.some((operation) => fits(operation, wanted)) ?? true);
}

function fits({ service, name, longestNano }: Operation, wanted: WantedSpan): boolean {
  return (
    (wanted.service === undefined || wanted.service === service) &&
    (wanted.name === undefined || wanted.name === name) &&
    longestNano >= wanted.leastNano
  );
}
