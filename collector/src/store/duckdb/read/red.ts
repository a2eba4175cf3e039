import type { Red, RedSeries, ResolvedRange, SyntheticTraffic } from '../../../api/contract/index.js';
import { Signal } from '../../../log/log-record.js';
import { mergeBuckets, quantilesMs } from '../../../project/duration-buckets.js';
import type { DurationBuckets } from '../../../project/projection.js';
import { groupBy } from '../../answers/group-by.js';
import { nanosOf, type StepGrid, secondsOf } from '../../answers/time-steps.js';
import type { Slice } from '../slice.js';
import { factsOverlap } from '../slice-facts.js';
import type { Slices } from '../slices.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { listOf } from './encode-values.js';
import { Params } from './params.js';

export const MINUTE_MS = 60_000;
/** A minute's figures may lie this far from the start of the spans they count. */
const SLACK_NANO = 3_600_000_000_000n;

const HOUR_MS = 3_600_000;
/** Whole hours from which on a range is read by the hour. */
const LEAST_HOURS = 2;
const HOURS = { red: 'red_hours', edges: 'edge_hours' } as const;

export interface RedCell {
  key: string[];
  /** Index on the grid. */
  step: number;
  count: number;
  errors: number;
  durations: DurationBuckets;
}

export interface DeltaFilter {
  environment: string;
  synthetic: SyntheticTraffic;
  service?: string;
}

/** Slices whose deltas may count for a range; whole minutes belong to it, the one it begins in included. */
export function slicesOfDeltas(slices: Slices, range: ResolvedRange): Slice[] {
  const from = BigInt(Math.floor(range.from_ms / MINUTE_MS) * MINUTE_MS) * 1_000_000n;
  const to = BigInt(Math.ceil(range.to_ms)) * 1_000_000n;
  return slices.all().filter(({ sealed, extents }) => {
    if (sealed) return factsOverlap(sealed.figures, from, to);
    const extent = extents.get(Signal.traces);
    return extent !== undefined && extent.maxNano >= from - SLACK_NANO && extent.minNano < to + SLACK_NANO;
  });
}

/** Without parameters: where nothing is read by the minute it stands nowhere. */
function timeWhere(range: ResolvedRange): string {
  const from = BigInt(Math.floor(range.from_ms / MINUTE_MS) * MINUTE_MS);
  return `minute_ms >= ${from} AND minute_ms < ${BigInt(Math.ceil(range.to_ms))}`;
}

function keysWhere(filter: DeltaFilter, params: Params): string {
  const terms = ['TRUE'];
  if (filter.environment !== '') terms.push(`environment = ${params.text(filter.environment)}`);
  if (filter.synthetic !== 'include') terms.push(`synthetic = ${filter.synthetic === 'only' ? 1 : 0}`);
  if (filter.service !== undefined) terms.push(`service = ${params.text(filter.service)}`);
  return terms.join(' AND ');
}

/**
 * Deltas of a range as one relation. Sealed slices have figures by the hour as well: those are read for the whole hours
 * of a long range, where `grid` does not ask for less, and minutes for what is left at both ends.
 */
export function deltasOf(
  { held }: Pick<ReadContext, 'held'>,
  slices: readonly Slice[],
  table: 'red' | 'edges',
  columns: string,
  range: ResolvedRange,
  filter: DeltaFilter,
  grid: StepGrid | null,
  params: Params,
): string {
  const keys = keysWhere(filter, params);
  const where = `${timeWhere(range)} AND ${keys}`;
  const [fromHour, toHour] = wholeHours(range);
  const isCoarse = grid === null || (grid.step_ms % HOUR_MS === 0 && grid.t0_ms % HOUR_MS === 0);
  if (!isCoarse || !isLong(range)) {
    return unionOf(slices, (catalog) => `SELECT ${columns} FROM ${catalog}.${table} WHERE ${where}`);
  }
  const ends = [
    [nanosOf(range.from_ms - MINUTE_MS), nanosOf(fromHour)],
    [nanosOf(toHour), nanosOf(range.to_ms)],
  ] as const;
  const within = `${keys} AND minute_ms >= ${fromHour} AND minute_ms < ${toHour}`;
  const ofFile = ({ catalog, sealed }: Slice) =>
    sealed
      ? [`SELECT ${columns} FROM ${catalog}.${HOURS[table]} WHERE ${within}`]
      : [`SELECT ${columns} FROM ${catalog}.${table} WHERE ${where}`];
  const hours = [fromHour, toHour] as const;
  const parts =
    grid === null
      ? held.hours(slices, HOURS[table], columns, keys, hours, ofFile)
      : held.parts(slices, HOURS[table], columns, within, ofFile);
  for (const { catalog, sealed } of slices) {
    if (!sealed || !ends.some(([from, to]) => factsOverlap(sealed.figures, from, to))) continue;
    parts.push(`SELECT ${columns} FROM ${catalog}.${table}
      WHERE ${where} AND (minute_ms < ${fromHour} OR minute_ms >= ${toHour})`);
  }
  return `(${parts.join(' UNION ALL ')})`;
}

/** Makes ready what {@link deltasOf} reads for a long range. */
export async function holdDeltas({ held }: ReadContext, slices: readonly Slice[], range: ResolvedRange): Promise<void> {
  if (!isLong(range)) return;
  await held.load(slices);
  await held.loadDays(slices, ...wholeHours(range));
}

function wholeHours({ from_ms, to_ms }: ResolvedRange): [fromMs: number, toMs: number] {
  return [Math.ceil(from_ms / HOUR_MS) * HOUR_MS, Math.floor(to_ms / HOUR_MS) * HOUR_MS];
}

function isLong(range: ResolvedRange): boolean {
  const [fromHour, toHour] = wholeHours(range);
  return toHour - fromHour >= LEAST_HOURS * HOUR_MS;
}

/** RED figures summed by some columns of the deltas and by step. */
export async function readRed(
  context: ReadContext,
  keys: readonly ('service' | 'operation' | 'kind' | 'instance' | 'host' | 'version')[],
  range: ResolvedRange,
  grid: StepGrid | null,
  filter: DeltaFilter,
  signal: AbortSignal,
): Promise<RedCell[]> {
  const slices = slicesOfDeltas(context.slices, range);
  await holdDeltas(context, slices, range);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const step = grid
        ? `((minute_ms - ${params.integer(grid.t0_ms)}) // ${params.integer(grid.step_ms)})::INTEGER`
        : '0::INTEGER';
      const columns = [...keys, 'step'].join(', ');
      const wanted = `${keys.map((key) => `${key}, `).join('')}${step} AS step, count, errors, buckets, bucket_counts`;
      const deltas = deltasOf(context, slices, 'red', wanted, range, filter, grid, params);
      return mergedSql(deltas, columns, 'sum(count) AS n, sum(errors) AS e', 'JOIN');
    },
    signal,
  );
  return rows.map((row) => ({
    key: keys.map((key) => row[key] as string),
    step: row.step as number,
    count: row.n as number,
    errors: row.e as number,
    durations: bucketsOf(row.bs, row.hs),
  }));
}

/**
 * Deltas as one row for each of `keys`: with what `sums` makes of them, and with their durations in `bs` and `hs`
 * ({@link bucketsOf}). Buckets are added up by a hash of the keys: by half a dozen texts it takes most of the time. And
 * they are added up as doubles, which is exact to 2⁵³: integers would be added up in 128 bits.
 */
export function mergedSql(deltas: string, keys: string, sums: string, join: 'JOIN' | 'LEFT JOIN'): string {
  return `WITH d AS MATERIALIZED (SELECT *, hash(${keys}) AS h FROM ${deltas}),
    c AS (SELECT ${keys}, h, ${sums} FROM d GROUP BY ${keys}, h),
    u AS (SELECT h, unnest(buckets) AS bucket, unnest(bucket_counts)::DOUBLE AS hits FROM d),
    b AS (SELECT h, bucket, sum(hits) AS hits FROM u GROUP BY h, bucket),
    l AS (SELECT h, list(bucket) AS bs, list(hits) AS hs FROM b GROUP BY h)
    SELECT c.*, l.bs, l.hs FROM c ${join} l USING (h)`;
}

export function bucketsOf(buckets: unknown, counts: unknown): DurationBuckets {
  const hits = listOf<number>(counts);
  return new Map(listOf<number>(buckets).map((bucket, index) => [bucket, hits[index] as number]));
}

export function redOf(cells: readonly RedCell[], range: ResolvedRange): Red {
  const requests = cells.reduce((sum, cell) => sum + cell.count, 0);
  const errors = cells.reduce((sum, cell) => sum + cell.errors, 0);
  const durations: DurationBuckets = new Map();
  for (const cell of cells) mergeBuckets(durations, cell.durations);
  const [p50, p95, p99] = quantilesMs(durations, [0.5, 0.95, 0.99]);
  return {
    requests,
    rate: requests / secondsOf(range),
    errors,
    error_ratio: requests > 0 ? errors / requests : null,
    p50_ms: p50,
    p95_ms: p95,
    p99_ms: p99,
  };
}

export function redSeries(cells: readonly RedCell[], grid: StepGrid): RedSeries {
  const series: RedSeries = {
    t0_ms: grid.t0_ms,
    step_ms: grid.step_ms,
    requests: Array.from<number>({ length: grid.points }).fill(0),
    errors: Array.from<number>({ length: grid.points }).fill(0),
    p50_ms: Array.from<number | null>({ length: grid.points }).fill(null),
    p95_ms: Array.from<number | null>({ length: grid.points }).fill(null),
  };
  const steps = groupBy(cells, (cell) => Math.min(Math.max(cell.step, 0), grid.points - 1));
  for (const [step, members] of steps) {
    const durations: DurationBuckets = new Map();
    for (const cell of members) {
      mergeBuckets(durations, cell.durations);
      series.requests[step] = (series.requests[step] as number) + cell.count;
      series.errors[step] = (series.errors[step] as number) + cell.errors;
    }
    const [p50, p95] = quantilesMs(durations, [0.5, 0.95]);
    series.p50_ms[step] = p50;
    series.p95_ms[step] = p95;
  }
  return series;
}
