import type {
  Breaker,
  Operation,
  ServiceDetail,
  ServiceInstance,
  ServiceList,
  ServiceSummary,
} from '../../../api/contract/index.js';
import { quantileMs } from '../../../project/duration-buckets.js';
import { groupBy } from '../../answers/group-by.js';
import { gridOf } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { ask, type ReadContext, unionOf } from './context.js';
import { listOf } from './encode-values.js';
import { Params } from './params.js';
import { readBreakers } from './read-breakers.js';
import { readMap } from './read-map.js';
import { deltasOf, holdDeltas, MINUTE_MS, readRed, redOf, redSeries, slicesOfDeltas } from './red.js';

const SPARK_POINTS = 30;
const MAX_OPERATIONS = 500;
const MAX_INSTANCES = 500;

interface ServiceFacts {
  environments: string[];
  versions: string[];
  language: string;
  instances: number;
  lastNano: bigint;
}

/** From RED deltas only: it costs the same however many spans there are. */
export async function readServices(
  context: ReadContext,
  question: Question.Services & { service?: string },
  signal: AbortSignal,
): Promise<ServiceList> {
  const { range } = question;
  const grid = gridOf(range, SPARK_POINTS, MINUTE_MS);
  const length = range.to_ms - range.from_ms;
  const before = { from_ms: range.from_ms - length, to_ms: Math.floor(range.from_ms / MINUTE_MS) * MINUTE_MS };
  const [cells, previous, facts, breakers] = await Promise.all([
    readRed(context, ['service'], range, grid, question, signal),
    readRed(context, ['service'], before, null, question, signal),
    readFacts(context, question, signal),
    readBreakers(context, { ...question, service: question.service ?? '' }, signal),
  ]);
  const earlier = groupBy(previous, (cell) => cell.key[0] as string);
  const services: ServiceSummary[] = [];
  for (const [service, members] of groupBy(cells, (cell) => cell.key[0] as string)) {
    const known = facts.get(service);
    const old = earlier.get(service);
    services.push({
      service,
      ...redOf(members, range),
      environments: known?.environments ?? [],
      versions: known?.versions ?? [],
      language: known?.language ?? '',
      instances: known?.instances ?? 0,
      last_seen: (known?.lastNano ?? 0n).toString(),
      series: redSeries(members, grid),
      previous: old ? redOf(old, before) : null,
      open_breakers: breakers.breakers.filter((breaker) => breaker.service === service && isOpen(breaker)).length,
    });
  }
  services.sort(worstFirst);
  return { range, services, truncated: false, sampled: false };
}

export async function readService(
  context: ReadContext,
  question: Question.Service,
  signal: AbortSignal,
): Promise<ServiceDetail | null> {
  const { range } = question;
  const grid = gridOf(range, SPARK_POINTS, MINUTE_MS);
  const [list, map, byOperation, instances] = await Promise.all([
    readServices(context, question, signal),
    readMap(context, question, signal),
    readRed(context, ['operation', 'kind'], range, grid, question, signal),
    readInstances(context, question, signal),
  ]);
  const summary = list.services[0] ?? (await quietService(context, question, signal));
  if (!summary) return null;
  const operations: Operation[] = [...groupBy(byOperation, (cell) => cell.key.join('\0')).values()].map((cells) => ({
    operation: cells[0]?.key[0] ?? '',
    kind: cells[0]?.key[1] ?? '',
    ...redOf(cells, range),
    series: redSeries(cells, grid),
  }));
  operations.sort((a, b) => b.requests - a.requests);
  const id = `service:${question.service}`;
  return {
    range,
    summary,
    operations: operations.slice(0, MAX_OPERATIONS),
    incoming: map.edges.filter((edge) => edge.target === id),
    outgoing: map.edges.filter((edge) => edge.source === id),
    instances: instances.slice(0, MAX_INSTANCES),
    ...(operations.length > MAX_OPERATIONS ? { operations_total: operations.length } : {}),
    ...(instances.length > MAX_INSTANCES ? { instances_total: instances.length } : {}),
    truncated: operations.length > MAX_OPERATIONS || instances.length > MAX_INSTANCES,
  };
}

/** A service that answered nothing in the range but is known from another time, or only sends. */
async function quietService(
  context: ReadContext,
  question: Question.Service,
  signal: AbortSignal,
): Promise<ServiceSummary | null> {
  const slices = context.slices.all();
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const service = params.text(question.service);
      const senders = unionOf(
        slices,
        (catalog) =>
          `SELECT service, environment, language, last_nano FROM ${catalog}.senders WHERE service = ${service}`,
      );
      return `SELECT list(DISTINCT environment) AS environments, max(language) AS language, max(last_nano) AS last
        FROM ${senders} HAVING count(*) > 0`;
    },
    signal,
  );
  const [row] = rows;
  if (!row) return null;
  return {
    service: question.service,
    ...redOf([], question.range),
    environments: listOf<string>(row.environments).filter((name) => name !== ''),
    versions: [],
    language: row.language as string,
    instances: 0,
    last_seen: String(row.last),
    series: redSeries([], gridOf(question.range, SPARK_POINTS, MINUTE_MS)),
    previous: null,
    open_breakers: 0,
  };
}

async function readFacts(
  context: ReadContext,
  question: Question.Services & { service?: string },
  signal: AbortSignal,
): Promise<Map<string, ServiceFacts>> {
  const slices = slicesOfDeltas(context.slices, question.range);
  await holdDeltas(context, slices, question.range);
  const params = new Params();
  const rows = await ask(
    context,
    slices,
    params,
    () => {
      const columns = 'service, environment, version, language, instance, last_nano';
      const deltas = deltasOf(context, slices, 'red', columns, question.range, question, null, params);
      return `SELECT service, list(DISTINCT environment) AS environments, list(DISTINCT version) AS versions,
        max(language) AS language, count(DISTINCT nullif(instance, ''))::INTEGER AS instances, max(last_nano) AS last
        FROM ${deltas} GROUP BY service`;
    },
    signal,
  );
  const named = (value: unknown) =>
    listOf<string>(value)
      .filter((name) => name !== '')
      .sort();
  return new Map(
    rows.map((row) => [
      row.service as string,
      {
        environments: named(row.environments),
        versions: named(row.versions),
        language: row.language as string,
        instances: row.instances as number,
        lastNano: row.last as bigint,
      },
    ]),
  );
}

async function readInstances(
  context: ReadContext,
  question: Question.Service,
  signal: AbortSignal,
): Promise<ServiceInstance[]> {
  const slices = slicesOfDeltas(context.slices, question.range);
  await holdDeltas(context, slices, question.range);
  const params = new Params();
  const [cells, seen] = await Promise.all([
    readRed(context, ['instance', 'host', 'version'], question.range, null, question, signal),
    ask(
      context,
      slices,
      params,
      () => {
        const columns = 'instance, host, version, last_nano';
        const deltas = deltasOf(context, slices, 'red', columns, question.range, question, null, params);
        return `SELECT instance, host, version, max(last_nano) AS last FROM ${deltas} GROUP BY ALL`;
      },
      signal,
    ),
  ]);
  const last = new Map(seen.map((row) => [[row.instance, row.host, row.version].join('\0'), row.last as bigint]));
  return cells
    .map(({ key, count, errors, durations }) => ({
      instance: key[0] ?? '',
      host: key[1] ?? '',
      version: key[2] ?? '',
      requests: count,
      errors,
      p95_ms: quantileMs(durations, 0.95),
      last_seen: (last.get(key.join('\0')) ?? 0n).toString(),
    }))
    .sort((a, b) => b.requests - a.requests);
}

function isOpen(breaker: Breaker): boolean {
  return breaker.state === 'open' || breaker.state === 'forced_open';
}

function worstFirst(a: ServiceSummary, b: ServiceSummary): number {
  const byErrors = (b.error_ratio ?? 0) - (a.error_ratio ?? 0);
  if (byErrors !== 0) return byErrors;
  return (b.p95_ms ?? 0) - (a.p95_ms ?? 0) || a.service.localeCompare(b.service);
}
