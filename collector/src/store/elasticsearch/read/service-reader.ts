import type {
  Breaker,
  Operation,
  ResolvedRange,
  ServiceDetail,
  ServiceInstance,
  ServiceList,
  ServiceSummary,
} from '../../../api/contract/index.js';
import type { RedDelta } from '../../../project/projection.js';
import { groupBy } from '../../answers/group-by.js';
import { gridOf, type StepGrid } from '../../answers/time-steps.js';
import type * as Question from '../../question.js';
import { readBreakerState } from './breaker-reader.js';
import { readEdges } from './map-reader.js';
import { readRed, totalsOf } from './red-reader.js';
import type { Query, Search } from './search.js';

const POINTS = 30;
const MINUTE_MS = 60_000;
const OPEN = new Set(['open', 'forced_open']);

interface Asked extends Question.Ranged {
  environment: string;
  synthetic: 'exclude' | 'include' | 'only';
}

export async function readServices(
  search: Search,
  question: Question.Services,
  signal: AbortSignal,
): Promise<ServiceList> {
  const { range } = question;
  const [now, before, breakers] = await Promise.all([
    readRed(search, range, question, [], signal),
    readRed(search, rangeBefore(range), question, [], signal),
    readBreakerState(search, question, '', signal),
  ]);
  const services = summaries(question, now.deltas, before.deltas, breakers);
  services.sort((a, b) => (b.error_ratio ?? 0) - (a.error_ratio ?? 0) || (b.p95_ms ?? 0) - (a.p95_ms ?? 0));
  return { range, services, truncated: now.truncated || before.truncated, sampled: false };
}

export async function readService(
  search: Search,
  question: Question.Service,
  signal: AbortSignal,
): Promise<ServiceDetail | null> {
  const { range, service } = question;
  const only: Query[] = [{ term: { service } }];
  const [now, before, breakers, edges] = await Promise.all([
    readRed(search, range, question, only, signal),
    readRed(search, rangeBefore(range), question, only, signal),
    readBreakerState(search, question, service, signal),
    readEdges(search, question, signal),
  ]);
  const id = `service:${service}`;
  const incoming = edges.edges.filter((edge) => edge.target === id);
  const outgoing = edges.edges.filter((edge) => edge.source === id);
  const [summary] = summaries(question, now.deltas, before.deltas, breakers);
  if (!summary && !(await isKnown(search, service, signal))) return null;
  const grid = gridOf(range, POINTS, MINUTE_MS);
  return {
    range,
    summary: summary ?? summaryOf(question, service, [], [], grid, []),
    operations: operations(now.deltas, range, grid),
    incoming,
    outgoing,
    instances: instances(now.deltas),
    truncated: now.truncated || edges.truncated,
  };
}

/** A service that answers nothing (a worker, a browser) is known by its spans and by having sent something. */
async function isKnown(search: Search, service: string, signal: AbortSignal): Promise<boolean> {
  const query: Query = { bool: { filter: [{ term: { service } }] } };
  for (const kind of ['spans', 'logs', 'metrics', 'red'] as const) {
    const { hits } = await search.ask(kind, { query, size: 1, _source: false, terminate_after: 1 }, signal);
    if (hits.length > 0) return true;
  }
  return false;
}

function rangeBefore({ from_ms, to_ms }: ResolvedRange): ResolvedRange {
  const from = Math.floor(from_ms / MINUTE_MS) * MINUTE_MS;
  return { from_ms: from - (to_ms - from_ms), to_ms: from };
}

function summaries(question: Asked, now: RedDelta[], before: RedDelta[], breakers: Breaker[]): ServiceSummary[] {
  const grid = gridOf(question.range, POINTS, MINUTE_MS);
  const earlier = groupBy(before, (delta) => delta.service);
  return [...groupBy(now, (delta) => delta.service)].map(([service, deltas]) =>
    summaryOf(question, service, deltas, earlier.get(service) ?? [], grid, breakers),
  );
}

function summaryOf(
  { range }: Asked,
  service: string,
  deltas: RedDelta[],
  before: RedDelta[],
  grid: StepGrid,
  breakers: Breaker[],
): ServiceSummary {
  const totals = totalsOf(deltas, grid);
  return {
    service,
    ...totals.red(range),
    environments: distinct(deltas, 'environment'),
    versions: distinct(deltas, 'version'),
    language: deltas.findLast((delta) => delta.language !== '')?.language ?? '',
    instances: distinct(deltas, 'instance').length,
    last_seen: latest(deltas),
    series: totals.series(grid),
    previous: before.length > 0 ? totalsOf(before, null).red(rangeBefore(range)) : null,
    open_breakers: breakers.filter((breaker) => breaker.service === service && OPEN.has(breaker.state)).length,
  };
}

function operations(deltas: RedDelta[], range: ResolvedRange, grid: StepGrid): Operation[] {
  return [...groupBy(deltas, (delta) => JSON.stringify([delta.operation, delta.kind]))]
    .map(([key, own]) => {
      const [operation, kind] = JSON.parse(key) as [string, string];
      const totals = totalsOf(own, grid);
      return { operation, kind, ...totals.red(range), series: totals.series(grid) };
    })
    .toSorted((a, b) => b.requests - a.requests || (a.operation < b.operation ? -1 : 1));
}

function instances(deltas: RedDelta[]): ServiceInstance[] {
  return [...groupBy(deltas, (delta) => JSON.stringify([delta.instance, delta.host, delta.version]))]
    .map(([key, own]) => {
      const [instance, host, version] = JSON.parse(key) as [string, string, string];
      const totals = totalsOf(own, null);
      return {
        instance,
        host,
        version,
        requests: totals.count,
        errors: totals.errors,
        p95_ms: totals.red({ from_ms: 0, to_ms: 1000 }).p95_ms,
        last_seen: latest(own),
      };
    })
    .toSorted((a, b) => b.requests - a.requests);
}

function distinct(deltas: RedDelta[], key: 'environment' | 'version' | 'instance'): string[] {
  return [...new Set(deltas.map((delta) => delta[key]).filter((value) => value !== ''))].sort();
}

function latest(deltas: RedDelta[]): string {
  return deltas.reduce((last, delta) => (delta.lastNano > last ? delta.lastNano : last), 0n).toString();
}
