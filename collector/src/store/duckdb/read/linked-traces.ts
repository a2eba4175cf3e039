import type { Slice } from '../slice.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { hexOf } from './encode-values.js';
import { Params } from './params.js';
import type { Row } from './query-runner.js';

/** Spans whose links are looked at, for either direction. */
const MAX_LINKING = 1000;

export interface LinkedTraces {
  ids: string[];
  /** There are more spans with links than were looked at. */
  isCut: boolean;
}

/** Traces that links of this one name. */
export async function tracesLinkedFrom(
  context: ReadContext,
  slices: readonly Slice[],
  traceId: string,
  signal: AbortSignal,
): Promise<LinkedTraces> {
  const found = await spansWithLinks(
    context,
    slices,
    'links',
    (params) => `trace_id = ${params.id(traceId)} AND link_count > 0`,
    signal,
  );
  return linked(found, (row) =>
    (JSON.parse(row.links as string) as { trace_id: string }[]).map((link) => link.trace_id),
  );
}

/** Traces in these slices whose links name this one. */
export async function tracesLinkingTo(
  context: ReadContext,
  slices: readonly Slice[],
  traceId: string,
  signal: AbortSignal,
): Promise<LinkedTraces> {
  const found = await spansWithLinks(
    context,
    await context.filters.ofStored('link', traceId, slices),
    'trace_id',
    (params) => `link_count > 0 AND contains(links, ${params.text(traceId)})`,
    signal,
  );
  return linked(found, (row) => [hexOf(row.trace_id, 32)]);
}

async function spansWithLinks(
  context: ReadContext,
  slices: readonly Slice[],
  column: 'links' | 'trace_id',
  where: (params: Params) => string,
  signal: AbortSignal,
): Promise<Row[]> {
  const params = new Params();
  return await ask(
    context,
    slices,
    params,
    () => {
      const condition = where(params);
      const spans = unionOf(slices, (catalog) => `SELECT ${column} FROM ${catalog}.spans WHERE ${condition}`);
      return `SELECT ${column} FROM ${spans} LIMIT ${MAX_LINKING + 1}`;
    },
    signal,
  );
}

function linked(rows: readonly Row[], idsOf: (row: Row) => string[]): LinkedTraces {
  return { ids: rows.slice(0, MAX_LINKING).flatMap(idsOf), isCut: rows.length > MAX_LINKING };
}
