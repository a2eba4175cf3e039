import type { LogHistogram, LogList, LogRow, Severity } from '../../../api/contract/index.js';
import { Signal } from '../../../log/log-record.js';
import { cursorText, cursorValues } from '../../answers/cursor.js';
import { gridOf, nanosOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import type { Slice } from '../slice.js';
import { AttributeJoins } from './attribute-sql.js';
import { ask, type ReadContext } from './context.js';
import { hexOrEmpty } from './encode-values.js';
import { filterSql } from './filter-sql.js';
import { logTarget } from './filter-targets.js';
import { detailsOf, itemsSql } from './items-sql.js';
import { Params } from './params.js';
import { pruneSlices } from './prune-slices.js';
import type { Row } from './query-runner.js';

const HISTOGRAM_POINTS = 60;
const SEVERITY_WORDS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

type Asked = Pick<Question.Logs, 'range' | 'environment' | 'filter'>;

export async function readLogs(context: ReadContext, question: Question.Logs, signal: AbortSignal): Promise<LogList> {
  const slices = await slicesOfLogs(context, question, signal);
  const params = new Params();
  const place =
    question.cursor === undefined ? undefined : cursorValues(question.cursor, ['integer', 'integer', 'integer']);
  const found = await ask(
    context,
    slices,
    params,
    () => {
      const matching = matchingLogs(slices, question, params);
      const order = question.order === 'asc' ? 'ASC' : 'DESC';
      let after = '';
      if (place !== undefined) {
        const [time, position, item] = place.map((part) => params.integer(BigInt(part)));
        const beyond = question.order === 'asc' ? '>' : '<';
        after = `AND (i.time_nano, i.position, i.item) ${beyond} (${time}, ${position}, ${item})`;
      }
      return `SELECT i.time_nano, i.position, i.item FROM ${matching} ${after}
        ORDER BY i.time_nano ${order}, i.position ${order}, i.item ${order} LIMIT ${question.limit + 1}`;
    },
    signal,
  );
  const page = found.slice(0, question.limit);
  const last = page.at(-1);
  const hasMore = found.length > question.limit && last !== undefined;
  return {
    range: question.range,
    logs: await detailedLogs(context, slices, page, signal),
    next_cursor: hasMore ? cursorText([last.time_nano, last.position, last.item].map(String)) : null,
    truncated: hasMore,
    sampled: false,
  };
}

export async function readLogHistogram(
  context: ReadContext,
  question: Question.LogHistogram,
  signal: AbortSignal,
): Promise<LogHistogram> {
  const slices = await slicesOfLogs(context, question, signal);
  const grid = gridOf(question.range, HISTOGRAM_POINTS);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => `SELECT (((i.time_nano // 1000000) - ${params.integer(grid.t0_ms)}) // ${params.integer(grid.step_ms)})::INTEGER AS step,
        i.severity, count(*)::INTEGER AS n FROM ${matchingLogs(slices, question, params)} GROUP BY ALL`,
    signal,
  );
  const severities: Record<string, number[]> = {};
  let total = 0;
  for (const row of rows) {
    const word = severityOf(row.severity as number);
    const counts = (severities[word] ??= Array.from<number>({ length: grid.points }).fill(0));
    counts[row.step as number] = (counts[row.step as number] ?? 0) + (row.n as number);
    total += row.n as number;
  }
  const { t0_ms, step_ms } = grid;
  return { range: question.range, t0_ms, step_ms, severities, total, truncated: false, sampled: false };
}

/** By order of arrival: position in the log, then place in the request. */
export async function readLogsSince(
  context: ReadContext,
  question: Question.LogsSince,
  signal: AbortSignal,
): Promise<{ logs: LogRow[]; next: string; dropped: number }> {
  // Read before the question is asked: what is committed meanwhile is found the next time.
  const stored = context.slices.cursor();
  if (question.after === null) return { logs: [], next: cursorText([String(stored), '-1']), dropped: 0 };
  const [position, item] = cursorValues(question.after, ['integer', 'integer']).map(BigInt) as [bigint, bigint];
  const slices = context.slices
    .all()
    .filter((slice) => slice.extents.has(Signal.logs) && BigInt(slice.cursor) > position);
  const params = new Params();
  const found = await ask(
    context,
    slices,
    params,
    () => {
      const target = logTarget(params);
      const terms = [filterSql(question.filter, target)];
      if (question.environment !== '') terms.push(`i.environment = ${params.text(question.environment)}`);
      const place = params.integer(position);
      const items = itemsSql('logs', slices, target.attributes, params, {
        where: `s.position >= ${place} AND s.position < ${params.integer(stored)}
          AND (s.position > ${place} OR s.item > ${params.integer(item)})`,
      });
      return `SELECT i.position, i.item, i.time_nano FROM ${items} WHERE ${terms.join(' AND ')}
        ORDER BY i.position, i.item LIMIT ${question.limit + 1}`;
    },
    signal,
  );
  const page = found.slice(0, question.limit);
  const last = page.at(-1);
  const hasMore = found.length > question.limit && last !== undefined;
  const next = hasMore ? cursorText([last.position, last.item].map(String)) : cursorText([String(stored), '-1']);
  return { logs: await detailedLogs(context, slices, page, signal), next, dropped: 0 };
}

async function slicesOfLogs(context: ReadContext, { range, filter }: Asked, signal: AbortSignal): Promise<Slice[]> {
  const slices = context.slices.overlapping(Signal.logs, nanosOf(range.from_ms), nanosOf(range.to_ms));
  return await pruneSlices(context, slices, filter, signal);
}

/** `relation WHERE condition`: more terms may be added behind it. */
export function matchingLogs(
  slices: readonly Slice[],
  question: Asked,
  params: Params,
  target = logTarget(params),
): string {
  const terms = [filterSql(question.filter, target)];
  if (question.environment !== '') terms.push(`i.environment = ${params.text(question.environment)}`);
  const items = itemsSql('logs', slices, target.attributes, params, {
    where: `s.time_nano >= ${params.integer(nanosOf(question.range.from_ms))}
      AND s.time_nano < ${params.integer(nanosOf(question.range.to_ms))}`,
  });
  return `${items} WHERE ${terms.join(' AND ')}`;
}

/** Only the rows of a page are read in full, in the page's order. */
async function detailedLogs(
  context: ReadContext,
  slices: readonly Slice[],
  page: readonly Row[],
  signal: AbortSignal,
): Promise<LogRow[]> {
  if (page.length === 0) return [];
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const positions = [...new Set(page.map((row) => row.position as bigint))].map((position) =>
        params.integer(position),
      );
      const where = `s.position IN (${positions.join(', ')})
        AND s.item IN (${[...new Set(page.map((row) => Number(row.item)))].join(', ')})`;
      return `SELECT * FROM ${itemsSql('logs', slices, new AttributeJoins(), params, { where, detailed: true })}`;
    },
    signal,
  );
  // Positions begin again with a new log, so that two lines may stand at the same; their times tell them apart.
  const keyOf = (row: Row) => `${idOf(row)} ${String(row.time_nano)}`;
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return page
    .map((row) => found.get(keyOf(row)))
    .filter((row) => row !== undefined)
    .map(logRow);
}

export function logRow(row: Row): LogRow {
  return {
    id: idOf(row),
    time: String(row.time_nano),
    severity: severityOf(row.severity as number),
    severity_text: row.severity_text as string,
    service: row.service as string,
    body: row.body as string,
    event_name: row.event_name as string,
    trace_id: hexOrEmpty(row.trace_id, 32),
    span_id: hexOrEmpty(row.span_id, 16),
    correlation_id: row.correlation_id as string,
    ...detailsOf(row, 'logs'),
  };
}

function idOf(row: Row): string {
  return `${String(row.position)}-${String(row.item)}`;
}

function severityOf(number: number): Severity {
  if (number === 0) return 'unspecified';
  return SEVERITY_WORDS[Math.min(Math.floor((number - 1) / 4), 5)] ?? 'fatal';
}
