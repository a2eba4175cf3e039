import type { MapNode, ServiceMap } from '../../../api/contract/index.js';
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
import { ask, type ReadContext } from './context.js';
import { hexOf, listOf } from './encode-values.js';
import { Params } from './params.js';
import type { Row } from './query-runner.js';
import { readBreakers } from './read-breakers.js';
import { bucketsOf, deltasOf, holdDeltas, mergedSql, readRed, redOf, slicesOfDeltas } from './red.js';
import { resolveAddresses, type SampledEdge } from './resolve-addresses.js';

/** Sample calls that are looked at to learn which service answers at an address. */
const SAMPLES_PER_EDGE = 5;

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
  const { resolutions, isSampled } = await resolveAddresses(context, deltas, range, signal);
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
    sampled: isSampled,
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
      const sums = [
        'sum(count) AS n, sum(errors) AS e',
        ...failures.map((kind) => `sum(${kind}) AS ${kind}`),
        `arg_min(sample_trace, sample_span, ${SAMPLES_PER_EDGE}) AS sample_traces`,
        `arg_min(sample_span, sample_span, ${SAMPLES_PER_EDGE}) AS sample_spans`,
      ];
      return mergedSql(deltas, keys, sums.join(', '), 'LEFT JOIN');
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
