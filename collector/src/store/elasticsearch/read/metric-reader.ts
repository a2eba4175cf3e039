import type { MetricList, MetricResult } from '../../../api/contract/index.js';
import type * as Question from '../../question.js';
import type { StoredPoint } from '../metric-point.js';
import { attributesOf } from './attributes.js';
import { filterQuery } from './filter-query.js';
import { foldMetric, type SeriesPoint } from './metric-fold.js';
import { environmentQueries } from './scope.js';
import { type Bucket, type Query, type Search, within } from './search.js';
import { stepGrid } from './steps.js';

const MOST_METRICS = 1000;
const MOST_SERVICES = 100;
const MOST_ATTRIBUTES = 200;
const MOST_POINTS = 200_000;
const POINTS = 100;
/** Senders report at least this often, so the point before the range, which a rate begins from, lies within it. */
const LOOK_BACK_MS = 5 * 60_000;
const MOST_EXEMPLARS = 100;

interface PointDocument {
  time: string;
  name: string;
  unit?: string;
  type: SeriesPoint['kind'];
  temporality: SeriesPoint['temporality'];
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
      };
    }),
    truncated: names.length > MOST_METRICS,
    sampled: false,
  };
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
  const grid = stepGrid(range, question.step_ms, POINTS, 1000);
  const points = documents.map((document) => seriesPoint(document, question.group_by));
  const folded = foldMetric(points, question.aggregate, grid, range, question.limit);
  return {
    range,
    t0_ms: grid.t0_ms,
    step_ms: grid.step_ms,
    unit: documents.find((document) => document.unit)?.unit ?? '',
    series: folded.series,
    exemplars: exemplarsOf(documents, range),
    truncated: truncated || folded.truncated,
    sampled: truncated,
  };
}

function seriesPoint(document: PointDocument, groupBy: string[]): SeriesPoint {
  const attributes = attributesOf(document.attributes);
  const resource = attributesOf(document.resource);
  const value = (name: string): string | null => {
    if (name === 'service' || name === 'service.name') return document.service;
    if (name === 'environment' || name === 'deployment.environment.name') return document.environment ?? null;
    const key = name.startsWith('attributes.') ? name.slice('attributes.'.length) : name;
    const found = attributes[key] ?? resource[key];
    if (found === undefined || found === null) return null;
    return typeof found === 'string' ? found : JSON.stringify(found);
  };
  return {
    series: JSON.stringify([document.resource, document.attributes]),
    group: groupBy.map(value),
    timeNano: BigInt(document.time),
    kind: document.type,
    temporality: document.temporality,
    monotonic: document.monotonic,
    point: JSON.parse(document.point) as StoredPoint,
  };
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
    .slice(0, MOST_EXEMPLARS);
}

interface Exemplar {
  time: string;
  value: number | null;
  trace_id: string;
}
