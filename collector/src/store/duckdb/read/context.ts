import type { SagaDefinition } from '../../../project/saga/definition.js';
import type { SagaCaps } from '../../answers/saga-caps.js';
import type { HeldFigures } from '../held-figures.js';
import type { Slice } from '../slice.js';
import type { SliceFilters } from '../slice-filters.js';
import type { SliceOperations } from '../slice-operations.js';
import type { SliceResolutions } from '../slice-resolutions.js';
import type { SliceResources } from '../slice-resources.js';
import type { Slices } from '../slices.js';
import type { Params } from './params.js';
import type { QueryRunner, Row } from './query-runner.js';
import type { RememberedCalls } from './remembered-calls.js';
import type { SpanDictionaries } from './span-dictionaries.js';

/** What every question needs of the store. */
export interface ReadContext {
  slices: Slices;
  runner: QueryRunner;
  definitions: () => SagaDefinition[];
  filters: SliceFilters;
  held: HeldFigures;
  dictionaries: SpanDictionaries;
  operations: SliceOperations;
  resolutions: SliceResolutions;
  resources: SliceResources;
  calls: RememberedCalls;
  sagaCaps: SagaCaps;
}

/** Asks some slices. `sql` is called with at least one slice, once they are attached; without any there are no rows. */
export async function ask(
  context: ReadContext,
  slices: readonly Slice[],
  params: Params,
  sql: () => string,
  signal: AbortSignal,
): Promise<Row[]> {
  if (slices.length === 0) return [];
  await Promise.all(slices.map((slice) => context.slices.attach(slice)));
  return await context.runner.rows(sql(), params, signal);
}

/** `SELECT … UNION ALL …` of one table over slices. */
export function unionOf(slices: readonly Slice[], select: (catalog: string, slice: Slice) => string): string {
  return `(${slices.map((slice) => select(slice.catalog, slice)).join(' UNION ALL ')})`;
}
