import type { MetricInfo, MetricKind, MetricList, MetricResult } from '../../../api/contract/index.js';
import { Signal } from '../../../log/log-record.js';
import { MetricType, OVERFLOW_ATTRIBUTE } from '../../../telemetry/metric-columns.js';
import { fieldOf } from '../../answers/field-of.js';
import { foldMetric, type MetricPoint } from '../../answers/fold-metric.js';
import { groupBy } from '../../answers/group-by.js';
import { gridOf, gridWith, nanosOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import type { Slice } from '../slice.js';
import { AttributeJoins } from './attribute-sql.js';
import { ask, type ReadContext } from './context.js';
import { hexOf, listOf } from './encode-values.js';
import { fieldText } from './field-sql.js';
import { filterSql } from './filter-sql.js';
import { seriesTarget } from './filter-targets.js';
import { itemsSql } from './items-sql.js';
import { Params } from './params.js';
import type { Row } from './query-runner.js';
import { containsSql } from './text-sql.js';

const KINDS: readonly MetricKind[] = ['gauge', 'gauge', 'sum', 'histogram', 'exponential_histogram', 'summary'];
const TEMPORALITIES = ['unspecified', 'delta', 'cumulative'] as const;
const MAX_METRICS = 2000;
const MAX_POINTS = 200_000;
const MAX_EXEMPLARS = 50;
const SERIES_POINTS = 60;
/** How far before the range a counter's last value is looked for. */
const LOOKBACK_MS = 10 * 60_000;

export async function readMetrics(
  context: ReadContext,
  question: Question.Metrics,
  signal: AbortSignal,
): Promise<MetricList> {
  const slices = slicesOfPoints(context, question.range, 0);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const terms = ['TRUE'];
      if (question.search !== '') terms.push(containsSql('i.metric', question.search, params));
      if (question.service !== '') terms.push(`i.service = ${params.text(question.service)}`);
      if (question.environment !== '') terms.push(`i.environment = ${params.text(question.environment)}`);
      const isOverflow = `list_contains(i.keys, ${params.text(OVERFLOW_ATTRIBUTE)})`;
      if (question.overflow === 'only') terms.push(isOverflow);
      const range = `time_nano >= ${params.integer(nanosOf(question.range.from_ms))}
        AND time_nano < ${params.integer(nanosOf(question.range.to_ms))}`;
      const parts = slices.map(
        (slice) =>
          `SELECT * FROM ${itemsSql('series', [slice], new AttributeJoins(), params, {
            where: `s.id IN (SELECT DISTINCT series FROM ${slice.catalog}.points WHERE ${range})`,
            detailed: true,
          })}`,
      );
      return `SELECT metric, max(description) AS description, max(unit) AS unit, max(type) AS type,
          max(temporality) AS temporality, max(monotonic) AS monotonic, list(DISTINCT service) AS services,
          list_sort(list_distinct(flatten(list(keys)))) AS attributes,
          list(DISTINCT service) FILTER (${isOverflow}) AS capped
        FROM (${parts.join(' UNION ALL ')}) i WHERE ${terms.join(' AND ')}
        GROUP BY metric ORDER BY metric LIMIT ${MAX_METRICS + 1}`;
    },
    signal,
  );
  const metrics = rows.slice(0, MAX_METRICS).map(
    (row): MetricInfo => ({
      name: row.metric as string,
      description: row.description as string,
      unit: row.unit as string,
      kind: KINDS[row.type as number] ?? 'gauge',
      temporality: TEMPORALITIES[row.temporality as number] ?? 'unspecified',
      monotonic: row.monotonic === 1,
      services: listOf<string>(row.services).sort(),
      attributes: listOf<string>(row.attributes),
      capped: listOf<string>(row.capped).sort(),
    }),
  );
  return { metrics, truncated: rows.length > MAX_METRICS, sampled: false };
}

export async function readMetric(
  context: ReadContext,
  question: Question.Metric,
  signal: AbortSignal,
): Promise<MetricResult> {
  const { range, step_ms: step } = question;
  const grid = step === 'auto' ? gridOf(range, SERIES_POINTS, 1000) : gridWith(range, step);
  const slices = slicesOfPoints(context, range, LOOKBACK_MS);
  const rows = await readPoints(context, slices, question, signal);
  const groups = groupBy(rows.slice(0, MAX_POINTS), (row) => keyText(row, question.group_by.length));
  const series = [...groups].map(([key, members]) => ({
    key: JSON.parse(key) as (string | null)[],
    points: foldMetric(members.map(pointOf), question.aggregate, grid),
  }));
  const size = (points: readonly (number | null)[]) =>
    points.reduce<number>(
      (largest, point) => Math.max(largest, point ?? Number.NEGATIVE_INFINITY),
      Number.NEGATIVE_INFINITY,
    );
  series.sort((a, b) => size(b.points) - size(a.points));
  const exemplars = await readExemplars(context, question, signal);
  return {
    range,
    t0_ms: grid.t0_ms,
    step_ms: grid.step_ms,
    unit: (rows[0]?.unit as string | undefined) ?? '',
    series: series.slice(0, question.limit),
    exemplars: exemplars.slice(0, MAX_EXEMPLARS),
    exemplars_truncated: exemplars.length > MAX_EXEMPLARS,
    truncated: rows.length > MAX_POINTS || series.length > question.limit,
    sampled: rows.length > MAX_POINTS,
  };
}

function slicesOfPoints(context: ReadContext, range: Question.Metric['range'], lookbackMs: number): Slice[] {
  return context.slices.overlapping(Signal.metrics, nanosOf(range.from_ms - lookbackMs), nanosOf(range.to_ms));
}

async function readPoints(
  context: ReadContext,
  slices: readonly Slice[],
  question: Question.Metric,
  signal: AbortSignal,
): Promise<Row[]> {
  const params = new Params();
  return await ask(
    context,
    slices,
    params,
    () => {
      const { range } = question;
      const time = `p.time_nano >= ${params.integer(nanosOf(range.from_ms - LOOKBACK_MS))}
        AND p.time_nano < ${params.integer(nanosOf(range.to_ms))} AND (p.flags & 1) = 0`;
      const parts = slices.map((slice) => {
        const { relation, keys } = seriesOf(slice, question, params);
        return `SELECT i.hash, i.unit, i.type, i.temporality, ${keys.map((key) => `${key}, `).join('')}
            p.time_nano, p.start_nano, p.value, p.observations, p.counts, p.bounds, p.scale, p.zero_count, p.positive_offset
          FROM ${relation} JOIN ${slice.catalog}.points p ON p.series = i.id WHERE ${time}`;
      });
      return `SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY hash, time_nano LIMIT ${MAX_POINTS + 1}`;
    },
    signal,
  );
}

/** The series of one slice that a question is about, and the SQL of its group's key. */
function seriesOf(slice: Slice, question: Question.Metric, params: Params): { relation: string; keys: string[] } {
  const target = seriesTarget(params);
  const terms = [`i.metric = ${params.text(question.name)}`, filterSql(question.filter, target)];
  if (question.environment !== '') terms.push(`i.environment = ${params.text(question.environment)}`);
  const keys = question.group_by.map((name, at) => `${fieldText(fieldOf(name, 'metrics'), target)} AS k${at}`);
  const items = itemsSql('series', [slice], target.attributes, params);
  return { relation: `(SELECT * FROM ${items} WHERE ${terms.join(' AND ')}) i`, keys };
}

/** Those with the largest values, one more than are shown at most. */
async function readExemplars(
  context: ReadContext,
  question: Question.Metric,
  signal: AbortSignal,
): Promise<MetricResult['exemplars']> {
  const slices = slicesOfPoints(context, question.range, 0);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const time = `p.time_nano >= ${params.integer(nanosOf(question.range.from_ms))}
        AND p.time_nano < ${params.integer(nanosOf(question.range.to_ms))} AND p.trace_id <> 0`;
      const parts = slices.map((slice) => {
        const { relation } = seriesOf(slice, question, params);
        return `SELECT p.time_nano, p.value, p.trace_id FROM ${relation}
          JOIN ${slice.catalog}.exemplars p ON p.series = i.id WHERE ${time}`;
      });
      return `SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY value DESC LIMIT ${MAX_EXEMPLARS + 1}`;
    },
    signal,
  );
  return rows.map((row) => ({
    time_ms: Number((row.time_nano as bigint) / 1_000_000n),
    value: row.value as number,
    trace_id: hexOf(row.trace_id, 32),
  }));
}

function keyText(row: Row, keys: number): string {
  return JSON.stringify(Array.from({ length: keys }, (_, at) => (row[`k${at}`] as string | null) ?? null));
}

function pointOf(row: Row): MetricPoint {
  const type = row.type as number;
  const counts = listOf<number>(row.counts);
  const isExponential = type === MetricType.exponentialHistogram;
  const step = 2 ** -(row.scale as number);
  const offset = row.positive_offset as number;
  return {
    series: String(row.hash),
    timeMs: Number((row.time_nano as bigint) / 1_000_000n),
    startNano: row.start_nano as bigint,
    value: row.value as number,
    observations: row.observations as number,
    cumulative: row.temporality === 2,
    isHistogram: type === MetricType.histogram || isExponential || type === MetricType.summary,
    // Bucket `i` of an exponential histogram begins at 2^((offset + i) · 2^-scale); between zero and the first there is nothing.
    counts: isExponential ? [row.zero_count as number, 0, ...counts] : counts,
    bounds: isExponential
      ? [0, ...Array.from({ length: counts.length + 1 }, (_, index) => 2 ** ((offset + index) * step))]
      : listOf<number>(row.bounds),
  };
}
