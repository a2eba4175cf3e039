import type { estypes } from '@elastic/elasticsearch';
import type { LogHistogram, LogList, LogRow } from '../../../api/contract/index.js';
import { SEVERITIES } from '../../../query/columns.js';
import { cursorText, cursorValues } from '../../answers/cursor.js';
import { gridOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { attributesOf } from './attributes.js';
import { filterQuery } from './filter-query.js';
import { environmentQueries } from './scope.js';
import { byTime, type Found, type Query, type Search, within } from './search.js';
import { stepHistogram, stepOf, zeros } from './steps.js';

/** Log lines of one trace that are shown with it. */
const TRACE_LOGS = 1000;
/** Bars of a histogram, about. */
const BARS = 60;

interface LogDocument {
  time: string;
  severity: LogRow['severity'];
  severity_text?: string;
  service: string;
  body?: string;
  event_name?: string;
  trace_id?: string;
  span_id?: string;
  correlation_id?: string;
  attributes?: unknown;
  resource?: unknown;
}

export const LOG_SOURCE = { excludes: ['body_parts'] };

export function logRow({ id, source }: Found<LogDocument>): LogRow {
  return {
    id,
    time: source.time,
    severity: source.severity,
    severity_text: source.severity_text ?? '',
    service: source.service,
    body: source.body ?? '',
    event_name: source.event_name ?? '',
    trace_id: source.trace_id ?? '',
    span_id: source.span_id ?? '',
    correlation_id: source.correlation_id ?? '',
    attributes: attributesOf(source.attributes),
    resource: attributesOf(source.resource),
  };
}

function arrival(order: 'asc' | 'desc'): estypes.SortCombinations[] {
  return [{ log: { order } }, { position: { order } }, { row: { order } }];
}

export function logQuery(question: Pick<Question.Logs, 'filter' | 'environment' | 'range'>): Query {
  return {
    bool: {
      filter: [
        within('@timestamp', question.range),
        ...environmentQueries(question.environment),
        filterQuery(question.filter, 'logs'),
      ],
    },
  };
}

export async function readLogs(search: Search, question: Question.Logs, signal: AbortSignal): Promise<LogList> {
  const { limit, order } = question;
  const { hits } = await search.ask<LogDocument>(
    'logs',
    {
      query: logQuery(question),
      sort: [byTime(order), ...arrival(order)],
      size: limit + 1,
      _source: LOG_SOURCE,
      ...(question.cursor ? { search_after: cursorValues(question.cursor, ['time', 'text', 'whole', 'whole']) } : {}),
    },
    signal,
  );
  const page = hits.slice(0, limit);
  const last = page.at(-1);
  const more = hits.length > limit;
  return {
    range: question.range,
    logs: page.map(logRow),
    next_cursor: more && last ? cursorText(last.sort) : null,
    truncated: more,
    sampled: false,
  };
}

export async function readTraceLogs(search: Search, traceId: string, signal: AbortSignal): Promise<LogList> {
  const { hits } = await search.ask<LogDocument>(
    'logs',
    {
      query: { bool: { filter: [{ term: { trace_id: traceId } }] } },
      sort: [byTime('asc'), ...arrival('asc')],
      size: TRACE_LOGS + 1,
      _source: LOG_SOURCE,
    },
    signal,
  );
  const logs = hits.slice(0, TRACE_LOGS).map(logRow);
  const at = (row: LogRow | undefined) => (row ? Number(BigInt(row.time) / 1_000_000n) : 0);
  return {
    range: { from_ms: at(logs[0]), to_ms: at(logs.at(-1)) + 1 },
    logs,
    next_cursor: null,
    truncated: hits.length > TRACE_LOGS,
    sampled: false,
  };
}

export async function readLogHistogram(
  search: Search,
  question: Question.LogHistogram,
  signal: AbortSignal,
): Promise<LogHistogram> {
  const grid = gridOf(question.range, BARS);
  const { aggregations } = await search.ask(
    'logs',
    {
      query: logQuery(question),
      size: 0,
      aggs: {
        severities: {
          terms: { field: 'severity', size: SEVERITIES.length },
          aggs: {
            steps: {
              date_histogram: stepHistogram(grid),
            },
          },
        },
      },
    },
    signal,
  );
  const severities: Record<string, number[]> = {};
  let total = 0;
  for (const severity of aggregations['severities']?.buckets ?? []) {
    const counts = zeros(grid);
    for (const step of severity['steps']?.buckets ?? []) {
      const at = stepOf(grid, Number(step.key));
      if (at >= 0) counts[at] = step.doc_count;
      total += step.doc_count;
    }
    severities[String(severity.key)] = counts;
  }
  return {
    range: question.range,
    t0_ms: grid.t0_ms,
    step_ms: grid.step_ms,
    severities,
    total,
    truncated: false,
    sampled: false,
  };
}
