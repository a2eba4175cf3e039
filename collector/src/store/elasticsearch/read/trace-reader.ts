import type { estypes } from '@elastic/elasticsearch';
import type { TraceHistogram, TraceList, TraceSort, TraceSummary } from '../../../api/contract/index.js';
import type { TraceDelta } from '../../../project/projection.js';
import { summaryServices } from '../../../project/trace/summary-services.js';
import { mergeTrace } from '../../../project/trace-gatherer.js';
import { cursorText, cursorValues } from '../../answers/cursor.js';
import { gridOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { traceMerging, traceOf } from '../delta-documents.js';
import { anyOf } from './attribute-query.js';
import { filterQuery } from './filter-query.js';
import { environmentQueries, syntheticQueries } from './scope.js';
import { byTime, type Query, type Search, type Source, within } from './search.js';
import { stepHistogram, stepOf, zeros } from './steps.js';
import { traceAlternatives } from './trace-filter.js';

/** Traces that a condition on spans may match before the answer says that it is not over everything. */
const MOST_MATCHES = 50_000;
const MATCHES_AT_ONCE = 10_000;
const BARS = 60;
const HOUR_MS = 3_600_000;

const SORT_FIELDS: Record<Exclude<TraceSort, 'start'>, string> = {
  duration: 'duration',
  spans: 'spans',
  errors: 'errors',
};

export async function readTraces(search: Search, question: Question.Traces, signal: AbortSignal): Promise<TraceList> {
  const { query, sampled } = await summaryQuery(search, question, signal);
  const { limit, order, sort } = question;
  const by: estypes.SortCombinations = sort === 'start' ? byTime(order) : { [SORT_FIELDS[sort]]: { order } };
  const { hits } = await search.ask<Source>(
    'traces',
    {
      query,
      sort: [by, { trace_id: { order } }],
      size: limit + 1,
      ...(question.cursor
        ? { search_after: cursorValues(question.cursor, [sort === 'start' ? 'time' : 'whole', 'text']) }
        : {}),
    },
    signal,
  );
  const page = hits.slice(0, limit);
  const last = page.at(-1);
  const more = hits.length > limit;
  return {
    range: question.range,
    traces: merged(page.map(({ source }) => traceOf(source))).map(traceSummary),
    next_cursor: more && last ? cursorText(last.sort) : null,
    truncated: more,
    sampled,
  };
}

export async function readTraceHistogram(
  search: Search,
  question: Question.TraceHistogram,
  signal: AbortSignal,
): Promise<TraceHistogram> {
  const { query, sampled } = await summaryQuery(search, question, signal);
  const grid = gridOf(question.range, BARS);
  const { aggregations } = await search.ask(
    'traces',
    {
      query,
      size: 0,
      aggs: {
        steps: {
          date_histogram: stepHistogram(grid),
          aggs: { errors: { filter: { range: { errors: { gt: 0 } } } } },
        },
      },
    },
    signal,
  );
  const traces = zeros(grid);
  const errors = zeros(grid);
  let total = 0;
  for (const step of aggregations['steps']?.buckets ?? []) {
    const at = stepOf(grid, Number(step.key));
    total += step.doc_count;
    if (at < 0) continue;
    traces[at] = step.doc_count;
    errors[at] = step['errors']?.doc_count ?? 0;
  }
  return {
    range: question.range,
    t0_ms: grid.t0_ms,
    step_ms: grid.step_ms,
    traces,
    errors,
    total,
    truncated: false,
    sampled,
  };
}

type Asked = Pick<Question.Traces, 'filter' | 'environment' | 'synthetic' | 'range'>;

async function summaryQuery(search: Search, question: Asked, signal: AbortSignal) {
  const parts: Query[] = [];
  let sampled = false;
  for (const { trace, span } of traceAlternatives(question.filter)) {
    const filter = [filterQuery(trace, 'traces')];
    if (span !== null) {
      const matches = await matchingTraces(search, filterQuery(span, 'spans'), question.range, signal);
      sampled ||= matches.more;
      filter.push({ terms: { trace_id: matches.ids } });
    }
    parts.push({ bool: { filter } });
  }
  const query: Query = {
    bool: {
      filter: [
        within('@timestamp', question.range),
        ...environmentQueries(question.environment),
        ...syntheticQueries(question.synthetic),
        anyOf(parts),
      ],
    },
  };
  return { query, sampled };
}

/**
 * Traces with a span that matches. A trace belongs to the range by its first span, so the matching one may come later,
 * by up to a day, or, from a clock that is behind, somewhat earlier.
 */
async function matchingTraces(
  search: Search,
  span: Query,
  range: { from_ms: number; to_ms: number },
  signal: AbortSignal,
): Promise<{ ids: string[]; more: boolean }> {
  const ids: string[] = [];
  let after: Record<string, unknown> | undefined;
  for (;;) {
    const { aggregations } = await search.ask(
      'spans',
      {
        query: {
          bool: {
            filter: [
              within('@timestamp', { from_ms: range.from_ms - HOUR_MS, to_ms: range.to_ms + 24 * HOUR_MS }),
              span,
            ],
          },
        },
        size: 0,
        aggs: {
          traces: {
            composite: {
              size: MATCHES_AT_ONCE,
              sources: [{ trace: { terms: { field: 'trace_id' } } }],
              ...(after ? { after: after as Record<string, string> } : {}),
            },
          },
        },
      },
      signal,
    );
    const buckets = aggregations['traces']?.buckets ?? [];
    for (const { key } of buckets) ids.push((key as { trace: string }).trace);
    after = aggregations['traces']?.after_key;
    if (buckets.length < MATCHES_AT_ONCE || !after) return { ids, more: false };
    if (ids.length >= MOST_MATCHES) return { ids, more: true };
  }
}

/** A trace that went on long after its slice has a part in two of them. */
function merged(parts: TraceDelta[]): TraceDelta[] {
  const traces = new Map<string, TraceDelta>();
  for (const part of parts) {
    const known = traces.get(part.traceId);
    if (known) mergeTrace(known, part);
    else traces.set(part.traceId, traceMerging.copy(part));
  }
  return [...traces.values()];
}

function traceSummary(trace: TraceDelta): TraceSummary {
  return {
    trace_id: trace.traceId,
    root_service: trace.root?.service ?? '',
    root_name: trace.root?.name ?? '',
    start: trace.startNano.toString(),
    duration_ms: Math.max(0, Number(trace.endNano - trace.startNano) / 1e6),
    spans: trace.spans,
    errors: trace.errors,
    ...summaryServices(
      trace.services
        .toSorted((a, b) => (a.firstNano < b.firstNano ? -1 : a.firstNano > b.firstNano ? 1 : 0))
        .map(({ service, spans, errors }) => ({ service, spans, errors })),
    ),
    correlation_id: trace.correlationId,
    saga_id: trace.sagaId,
    synthetic_check: trace.syntheticCheck,
    complete: trace.root !== null,
  };
}
