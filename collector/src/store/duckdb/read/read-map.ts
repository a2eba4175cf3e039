import type { MapNode, ServiceMap } from '../../../api/contract/index.js';
import { Signal } from '../../../log/log-record.js';
import {
  addressKey,
  attachBreakers,
  foldEdges,
  foldNodes,
  unresolvedAddresses,
} from '../../../project/map/fold-map.js';
import type { EdgeDelta } from '../../../project/projection.js';
import { groupBy } from '../../answers/group-by.js';
import { secondsOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { hexOf, listOf } from './encode-values.js';
import { Params } from './params.js';
import type { Row } from './query-runner.js';
import { readBreakers } from './read-breakers.js';
import { bucketsOf, deltasOf, holdDeltas, readRed, redOf, slicesOfDeltas } from './red.js';

/** Sample calls that are looked at to learn which service answers at an address. */
const SAMPLES_PER_EDGE = 5;
const MAX_SAMPLES = 500;
/** How long before the range what was found out about an address still counts: a slice that is written to knows nothing. */
const KNOWN_BEFORE_MS = 6 * 3_600_000;

interface SampledEdge extends EdgeDelta {
  samples: EdgeDelta['sample'][];
}

export async function readMap(
  context: ReadContext,
  question: Question.Services & { service?: string },
  signal: AbortSignal,
): Promise<ServiceMap> {
  const { range } = question;
  const filter = { environment: question.environment, synthetic: question.synthetic };
  const [deltas, cells, services, breakers] = await Promise.all([
    readEdges(context, question, signal),
    readRed(context, ['service'], range, null, filter, signal),
    readLanguages(context, question, signal),
    readBreakers(context, { ...question, service: '' }, signal),
  ]);
  const resolutions = await resolve(context, deltas, range, signal);
  const edges = foldEdges(deltas, resolutions, secondsOf(range));
  attachBreakers(edges, breakers.breakers, resolutions);
  const known: MapNode[] = [...groupBy(cells, (cell) => cell.key[0] as string)].map(([service, members]) => ({
    id: `service:${service}`,
    kind: 'service',
    name: service,
    system: '',
    ...redOf(members, range),
    language: services.get(service)?.language ?? '',
    environments: services.get(service)?.environments ?? [],
  }));
  const unpaired = unresolvedAddresses(deltas).filter((edge) => !resolutions.has(addressKey(edge)));
  return {
    range,
    nodes: foldNodes(known, edges, deltas),
    edges,
    unpaired: unpaired.reduce((sum, edge) => sum + edge.count, 0),
    truncated: false,
    sampled: false,
  };
}

async function readEdges(
  context: ReadContext,
  question: Question.Services,
  signal: AbortSignal,
): Promise<SampledEdge[]> {
  const slices = slicesOfDeltas(context.slices, question.range);
  await holdDeltas(context, slices, question.range);
  const params = new Params();
  const keys = 'source, target, kind, system, side';
  const failures = ['crash', 'omission', 'timing', 'response', 'arbitrary'] as const;
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const { environment, synthetic } = question;
      const columns = `${keys}, count, errors, ${failures.join(', ')}, buckets, bucket_counts, sample_trace, sample_span`;
      const deltas = deltasOf(
        context,
        slices,
        'edges',
        columns,
        question.range,
        { environment, synthetic },
        null,
        params,
      );
      return `WITH d AS MATERIALIZED (SELECT * FROM ${deltas}),
        c AS (SELECT ${keys}, sum(count) AS n, sum(errors) AS e, ${failures.map((kind) => `sum(${kind}) AS ${kind}`).join(', ')},
          arg_min(sample_trace, sample_span, ${SAMPLES_PER_EDGE}) AS sample_traces,
          arg_min(sample_span, sample_span, ${SAMPLES_PER_EDGE}) AS sample_spans
          FROM d GROUP BY ${keys}),
        u AS (SELECT ${keys}, unnest(buckets) AS bucket, unnest(bucket_counts) AS hits FROM d),
        b AS (SELECT ${keys}, bucket, sum(hits)::DOUBLE AS hits FROM u GROUP BY ${keys}, bucket),
        l AS (SELECT ${keys}, list(bucket ORDER BY bucket) AS bs, list(hits ORDER BY bucket) AS hs FROM b GROUP BY ${keys})
        SELECT c.*, l.bs, l.hs FROM c LEFT JOIN l USING (${keys})`;
    },
    signal,
  );
  return rows.map((row) => ({
    minuteMs: question.range.from_ms,
    source: row.source as string,
    target: row.target as string,
    kind: row.kind as EdgeDelta['kind'],
    system: row.system as string,
    environment: question.environment,
    synthetic: question.synthetic === 'only',
    side: row.side as EdgeDelta['side'],
    count: row.n as number,
    errors: row.e as number,
    failures: Object.fromEntries<number>(
      failures.filter((kind) => (row[kind] as number) > 0).map((kind) => [kind, row[kind] as number] as const),
    ),
    durations: bucketsOf(row.bs, row.hs),
    ...samplesOf(row),
  }));
}

function samplesOf(row: Row): Pick<SampledEdge, 'sample' | 'samples'> {
  const spans = listOf<bigint>(row.sample_spans);
  const samples = listOf<bigint>(row.sample_traces).map((trace, at) => ({
    traceId: hexOf(trace, 32),
    spanId: hexOf(spans[at], 16),
  }));
  return { samples, sample: samples[0] ?? { traceId: '', spanId: '' } };
}

/** Which services answer at the addresses that clients name: the server spans under their sample calls tell. */
async function resolve(
  context: ReadContext,
  deltas: SampledEdge[],
  range: Question.Services['range'],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const wanted = unresolvedAddresses(deltas) as SampledEdge[];
  if (wanted.length === 0) return new Map();
  const resolutions = await storedResolutions(context, range, signal);
  const samples = wanted
    .filter((edge) => !resolutions.has(addressKey(edge)))
    .flatMap((edge) => edge.samples.map((sample) => ({ edge, ...sample })))
    .slice(0, MAX_SAMPLES);
  if (samples.length === 0) return resolutions;
  const all = context.slices.all().filter((slice) => slice.extents.has(Signal.traces));
  const ids = [...new Set(samples.map(({ traceId }) => traceId))];
  const slices = await context.filters.ofTraces(ids, all);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const traces = ids.map((id) => params.id(id)).join(', ');
      const parents = samples.map(({ spanId }) => params.id(spanId)).join(', ');
      return unionOf(
        slices,
        (catalog) => `SELECT s.trace_id, s.parent_id, r.service FROM ${catalog}.spans s
          JOIN ${catalog}.resources r ON r.id = s.resource
          WHERE s.trace_id IN (${traces}) AND s.parent_id IN (${parents}) AND s.kind = 2`,
      );
    },
    signal,
  );
  const services = new Map(
    rows.map((row) => [`${hexOf(row.trace_id, 32)} ${hexOf(row.parent_id, 16)}`, row.service as string]),
  );
  for (const { edge, traceId, spanId } of samples) {
    const service = services.get(`${traceId} ${spanId}`);
    if (service !== undefined) resolutions.set(addressKey(edge), service);
  }
  return resolutions;
}

/** What was found out when slices of the range, or not long before, were sealed; the newest counts. */
async function storedResolutions(
  context: ReadContext,
  range: Question.Services['range'],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const near = { from_ms: range.from_ms - KNOWN_BEFORE_MS, to_ms: range.to_ms };
  const sealed = slicesOfDeltas(context.slices, near).filter((slice) => slice.sealed !== null);
  const rows = await ask(
    context,
    sealed,
    new Params(),
    () =>
      `SELECT source, target, arg_max(service, place) AS service FROM (${sealed
        .map(({ catalog }, place) => `SELECT source, target, service, ${place} AS place FROM ${catalog}.resolutions`)
        .join(' UNION ALL ')}) GROUP BY source, target`,
    signal,
  );
  return new Map(
    rows.map((row) => [
      addressKey({ source: row.source as string, target: row.target as string }),
      row.service as string,
    ]),
  );
}

async function readLanguages(
  context: ReadContext,
  question: Question.Services,
  signal: AbortSignal,
): Promise<Map<string, { language: string; environments: string[] }>> {
  const slices = slicesOfDeltas(context.slices, question.range);
  await context.held.load(slices);
  const rows = await ask(
    context,
    slices,
    new Params(),
    () => {
      const columns = 'service, environment, language';
      const senders = context.held.parts(slices, 'senders', columns, 'TRUE', ({ catalog }) => [
        `SELECT ${columns} FROM ${catalog}.senders`,
      ]);
      return `SELECT service, max(language) AS language, list(DISTINCT environment) AS environments
        FROM (${senders.join(' UNION ALL ')}) GROUP BY service`;
    },
    signal,
  );
  return new Map(
    rows.map((row) => [
      row.service as string,
      {
        language: row.language as string,
        environments: listOf<string>(row.environments).filter((name) => name !== ''),
      },
    ]),
  );
}
