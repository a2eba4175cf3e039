import type { SagaDefinition } from '../../../project/saga/definition.js';
import type { Slice } from '../slice.js';
import type { Slices } from '../slices.js';
import type { Params } from './params.js';
import type { QueryRunner, Row } from './query-runner.js';

/** What every question needs of the store. */
export interface ReadContext {
  slices: Slices;
  runner: QueryRunner;
  definitions: () => SagaDefinition[];
  /** Slices that may hold a trace. */
  slicesOfTrace: (traceId: string) => Promise<Slice[]>;
}

/**
 * Asks some slices, which are not dropped meanwhile. `sql` is called with at least one slice; without any the answer
 * is no rows.
 */
export async function ask(
  context: ReadContext,
  slices: readonly Slice[],
  params: Params,
  sql: () => string,
  signal: AbortSignal,
): Promise<Row[]> {
  if (slices.length === 0) return [];
  for (const slice of slices) slice.readers += 1;
  try {
    return await context.runner.rows(sql(), params, signal);
  } finally {
    for (const slice of slices) slice.readers -= 1;
  }
}

/** `SELECT … UNION ALL …` of one table over slices. */
export function unionOf(slices: readonly Slice[], select: (catalog: string) => string): string {
  return `(${slices.map((slice) => select(slice.catalog)).join(' UNION ALL ')})`;
}
