import type { MetricInfo, MetricKind, MetricList, MetricResult } from '../../../api/contract/index.js';
import { OVERFLOW_ATTRIBUTE } from '../../../telemetry/metric-columns.js';
import { fieldOf } from '../../answers/field-of.js';
import { foldMetric, type MetricPoint } from '../../answers/fold-metric.js';
import { groupBy } from '../../answers/group-by.js';
import { gridOf, gridWith } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import type { StoredPoint } from '../metric-point.js';
import { attributesOf } from './attributes.js';
import { filterQuery } from './filter-query.js';
import { environmentQueries } from './scope.js';
import { type Bucket, type Query, type Search, within } from './search.js';

const MOST_METRICS = 1000;
const MOST_SERVICES = 100;
const MOST_ATTRIBUTES = 200;
const MOST_POINTS = 200_000;
const POINTS = 60;
/** Senders report at least this often, so the point before the range, which a rate begins from, lies within it. */
const LOOK_BACK_MS = 10 * 60_000;
/** OTLP `DataPointFlags`. */
const NO_RECORDED_VALUE = 1;
const MOST_EXEMPLARS = 50;

interface PointDocument {
  time: string;
  name: string;
  unit?: string;
  type: MetricKind;
  temporality: MetricInfo['temporality'];
  monotonic: boolean;
  service: string;
  environment?: string;
  attributes?: unknown;
  resource?: unknown;
  point: string;
  exemplars?: string;
}

type Info = Pick<PointDocument, 'unit' | 'type' | 'temporality' | 'monotonic'> & { description?: string };

export async function readMetrics(
  search: Search,
  question: Question.Metrics,
  signal: AbortSignal,
): Promise<MetricList> {
  const filter: Query[] = [within('@timestamp', question.range), ...environmentQueries(question.environment)];
  if (question.service !== '') filter.push({ term: { service: question.service } });
  if (question.search !== '') {
    const value = `*${question.search.replace(/[*?\\]/g, '\\$&')}*`;
    filter.push({ wildcard: { name: { value, case_insensitive: true } } });
  }
  const isOverflow: Query = { term: { keys: OVERFLOW_ATTRIBUTE } };
  if (question.overflow === 'only') filter.push(isOverflow);
  const { aggregations } = await search.ask(
    'metrics',
    {
      query: { bool: { filter } },
      size: 0,
      aggs: {
        names: {
          terms: { field: 'name', size: MOST_METRICS + 1, order: { _key: 'asc' } },
          aggs: {
            services: { terms: { field: 'service', size: MOST_SERVICES, order: { _key: 'asc' } } },
            keys: { terms: { field: 'keys', size: MOST_ATTRIBUTES, order: { _key: 'asc' } } },
            capped: {
              filter: isOverflow,
              aggs: { services: { terms: { field: 'service', size: MOST_SERVICES, order: { _key: 'asc' } } } },
            },
            latest: {
              top_hits: {
                size: 1,
                sort: [{ '@timestamp': 'desc' }],
                _source: ['description', 'unit', 'type', 'temporality', 'monotonic'],
              },
            },
          },
        },
      },
    },
    signal,
  );
  const names = aggregations['names']?.buckets ?? [];
  return {
    metrics: names.slice(0, MOST_METRICS).map((bucket) => {
      const info = latest(bucket);
      return {
        name: String(bucket.key),
        description: info.description ?? '',
        unit: info.unit ?? '',
        kind: info.type,
        temporality: info.temporality,
        monotonic: info.monotonic,
        services: keysOf(bucket, 'services'),
        attributes: keysOf(bucket, 'keys'),
        capped: keysOf(bucket['capped'] as unknown as Bucket, 'services'),
      };
    }),
    truncated:
      names.length > MOST_METRICS || names.some((bucket) => hasMore(bucket, 'services') || hasMore(bucket, 'keys')),
    sampled: false,
  };
}

function hasMore(bucket: Bucket, terms: string): boolean {
  return (bucket[terms]?.sum_other_doc_count ?? 0) > 0;
}

function latest(bucket: Bucket): Info {
  const { hits } = bucket['latest'] as unknown as { hits: { hits: { _source: Info }[] } };
  return hits.hits[0]?._source ?? { type: 'gauge', temporality: 'unspecified', monotonic: false };
}

function keysOf(bucket: Bucket, aggregation: string): string[] {
  return (bucket[aggregation]?.buckets ?? []).map(({ key }) => String(key));
}

export async function readMetric(
  search: Search,
  question: Question.Metric,
  signal: AbortSignal,
): Promise<MetricResult> {
  const { range } = question;
  const filter: Query[] = [
    { term: { name: question.name } },
    within('@timestamp', { from_ms: range.from_ms - LOOK_BACK_MS, to_ms: range.to_ms }),
    ...environmentQueries(question.environment),
    filterQuery(question.filter, 'metrics'),
  ];
  const { documents, truncated } = await search.everything<PointDocument>(
    'metrics',
    { bool: { filter } },
    MOST_POINTS,
    signal,
  );
  const { step_ms: step } = question;
  const grid = step === 'auto' ? gridOf(range, POINTS, 1000) : gridWith(range, step);
  const groups = groupBy(documents, (document) => JSON.stringify(groupKey(document, question.group_by)));
  const series = [...groups].map(([key, members]) => ({
    key: JSON.parse(key) as (string | null)[],
    points: foldMetric(
      members.flatMap(metricPoint).toSorted((a, b) => a.timeMs - b.timeMs),
      question.aggregate,
      grid,
    ),
  }));
  series.sort((a, b) => peak(b.points) - peak(a.points));
  const exemplars = exemplarsOf(documents, range);
  return {
    range,
    t0_ms: grid.t0_ms,
    step_ms: grid.step_ms,
    unit: documents.find((document) => document.unit)?.unit ?? '',
    series: series.slice(0, question.limit),
    exemplars: exemplars.slice(0, MOST_EXEMPLARS),
    exemplars_truncated: truncated || exemplars.length > MOST_EXEMPLARS,
    truncated: truncated || series.length > question.limit,
    sampled: truncated,
  };
}

function peak(points: readonly (number | null)[]): number {
  return points.reduce<number>((largest, point) => Math.max(largest, point ?? -Infinity), Number.NEGATIVE_INFINITY);
}

function groupKey(document: PointDocument, groupBy: string[]): (string | null)[] {
  return groupBy.map((name) => {
    const field = fieldOf(name, 'metrics');
    if (field.source === 'column')
      return (field.column === 'service' ? document.service : document.environment) || null;
    const own = attributesOf(document.attributes);
    const value = Object.hasOwn(own, field.name) ? own[field.name] : attributesOf(document.resource)[field.name];
    if (value === undefined || value === null || value === '') return null;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** None for a point that says that it has no value. */
function metricPoint(document: PointDocument): MetricPoint[] {
  const point = JSON.parse(document.point) as StoredPoint;
  if ((point.flags & NO_RECORDED_VALUE) !== 0) return [];
  const counts = (point.counts ?? []).map(Number);
  const exponential = document.type === 'exponential_histogram';
  const step = 2 ** -(point.scale ?? 0);
  return [
    {
      series: JSON.stringify([document.resource, document.attributes]),
      timeMs: Number(BigInt(document.time) / 1_000_000n),
      startNano: BigInt(point.start),
      value: point.value ?? Number.NaN,
      observations: point.count ?? 0,
      cumulative: document.temporality === 'cumulative',
      isHistogram: document.type !== 'gauge' && document.type !== 'sum',
      // Bucket `i` of an exponential histogram begins at 2^((offset + i) · 2^-scale); between zero and the first there is nothing.
      counts: exponential ? [point.zero ?? 0, 0, ...counts] : counts,
      bounds: exponential
        ? [
            0,
            ...Array.from({ length: counts.length + 1 }, (_, at) => 2 ** (((point.positive_offset ?? 0) + at) * step)),
          ]
        : (point.bounds ?? []).map(Number),
    },
  ];
}

function exemplarsOf(documents: PointDocument[], range: { from_ms: number; to_ms: number }): MetricResult['exemplars'] {
  return documents
    .flatMap((document) => (document.exemplars ? (JSON.parse(document.exemplars) as Exemplar[]) : []))
    .filter((exemplar) => exemplar.trace_id !== '' && exemplar.value !== null)
    .map((exemplar) => ({
      time_ms: Number(BigInt(exemplar.time) / 1000n) / 1000,
      value: exemplar.value ?? 0,
      trace_id: exemplar.trace_id,
    }))
    .filter(({ time_ms }) => time_ms >= range.from_ms && time_ms < range.to_ms)
    .toSorted((a, b) => b.value - a.value);
}

interface Exemplar {
  time: string;
  value: number | null;
  trace_id: string;
}
