import type { ReceivedLog, ReceivedSpan } from '../test/sink/otlp-decode.js';
import type { PublishedApp } from './published-app.js';
import type { Made, Run } from './run-once.js';

/** Stands in bodies, cookies and credentials that are sent; it must never be in what is exported. */
export const SECRET = 'never-to-be-exported';

/** More routes than this are not routes. */
const LOW_CARDINALITY = 60;

/** What the telemetry of one run comes to. */
export interface Judgement {
  readonly requests: number;
  /** Server spans of them. */
  readonly spans: number;
  /** Of the requests whose path is there, those whose span has a route. */
  readonly routed: number;
  readonly routable: number;
  readonly routes: ReadonlyMap<string, number>;
  readonly correlated: number;
  /** Log records since it answers. */
  readonly records: number;
  readonly otherSpans: ReadonlyMap<string, number>;
  readonly faults: readonly string[];
}

/** Compares what was asked with what the collector has. */
export function judge(
  app: PublishedApp,
  run: Run,
  { spans, logs }: { readonly spans: readonly ReceivedSpan[]; readonly logs: readonly ReceivedLog[] },
): Judgement {
  const made = [...run.made, ...run.load].filter(({ exchange }) => exchange.websocket === undefined);
  const servers = new Map<string, ReceivedSpan[]>();
  for (const span of spans) {
    if (span.kind !== 'server' || span.parentSpanId !== '') continue;
    const correlation = String(span.attributes['correlation.id']);
    servers.set(correlation, [...(servers.get(correlation) ?? []), span]);
  }
  const excused = (text: string): boolean => app.exceptions?.some(({ what }) => what.test(text)) ?? false;
  const own = made.flatMap(({ correlation }) => servers.get(correlation) ?? []);
  const routes = tally(own.map((span) => span.name));
  const routable = made
    .filter(({ answer }) => answer.status !== 404)
    .flatMap((one) => servers.get(one.correlation) ?? []);
  const traces = new Set(own.map(({ traceId }) => traceId));
  const during = recordsSince(own, logs);
  const outside = during.filter(({ traceId }) => !traces.has(traceId));
  const below = new Map<string, ReceivedSpan[]>();
  for (const span of spans) below.set(span.traceId, [...(below.get(span.traceId) ?? []), span]);
  const faults = [
    ...made.flatMap((one) => faultsOfRequest(one, servers.get(one.correlation) ?? [], below)),
    ...faultsOfTrees(spans, firstOf(own)).filter((fault) => !excused(fault)),
    ...faultsOfSecrets(spans, logs),
    ...[...tally(outside.map(({ body }) => `uncorrelated record: ${String(body).slice(0, 120)}`))]
      .map(([fault, count]) => `${fault} (${count})`)
      .filter((fault) => !excused(fault)),
    ...(routes.size > LOW_CARDINALITY ? [`${routes.size} names of server spans`] : []),
    ...run.stderr.split('\n').filter((line) => line.startsWith('orrery:')),
  ];
  return {
    requests: made.length,
    spans: own.length,
    routable: routable.length,
    routed: routable.filter(({ attributes }) => 'http.route' in attributes).length,
    routes,
    records: during.length,
    correlated: during.length - outside.length,
    otherSpans: tally(spans.filter(({ kind }) => kind !== 'server').map(({ kind, name }) => `${kind} ${name}`)),
    faults: [...tally(faults)].map(([fault, count]) => (count > 1 ? `${fault} (${count} times)` : fault)),
  };
}

function faultsOfRequest(
  { exchange, answer }: Made,
  found: readonly ReceivedSpan[],
  below: ReadonlyMap<string, readonly ReceivedSpan[]>,
): string[] {
  const name = `${exchange.method ?? 'GET'} ${typeof exchange.path === 'string' ? exchange.path : '…'}`;
  const [span] = found;
  if (span === undefined && answer.status === 0) return [];
  if (span === undefined || found.length > 1) return [`${name}: ${found.length} server spans`];
  const { 'http.response.status_code': status, 'http.route': route } = span.attributes;
  const faults: string[] = [];
  if (answer.status !== 0 && status !== answer.status)
    faults.push(`${name}: status ${String(status)}, not ${answer.status}`);
  const { under } = exchange;
  if (under !== undefined && !(below.get(span.traceId) ?? []).some((one) => under.test(`${one.kind} ${one.name}`)))
    faults.push(`${name}: nothing like ${String(under)} under it`);
  if (exchange.route !== undefined && (route ?? null) !== exchange.route)
    faults.push(`${name}: route ${String(route)}, not ${String(exchange.route)}`);
  return faults;
}

function firstOf(own: readonly ReceivedSpan[]): bigint {
  return own
    .map(({ startNanos }) => startNanos)
    .reduce((first, nanos) => (nanos < first ? nanos : first), own[0]?.startNanos ?? 0n);
}

/** Before it is asked anything, an application may do what it likes. */
function faultsOfTrees(spans: readonly ReceivedSpan[], first: bigint): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.flatMap(({ kind, name, parentSpanId, startNanos }) => {
    if (parentSpanId !== '') return ids.has(parentSpanId) ? [] : [`${kind} span "${name}" has a parent nobody knows`];
    return kind === 'server' || startNanos < first ? [] : [`${kind} span "${name}" is in no request`];
  });
}

function faultsOfSecrets(spans: readonly ReceivedSpan[], logs: readonly ReceivedLog[]): string[] {
  const tells = (value: unknown): boolean => JSON.stringify(value, noBigInt).includes(SECRET);
  return [
    ...spans
      .filter(({ attributes, events }) => tells([attributes, events]))
      .map(({ name }) => `span "${name}" tells a secret`),
    ...logs
      .filter(({ attributes }) => tells(attributes))
      .map(({ body }) => `record "${String(body).slice(0, 60)}" tells a secret`),
  ];
}

function noBigInt(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Records from the first of these requests to the last of them. */
function recordsSince(own: readonly ReceivedSpan[], logs: readonly ReceivedLog[]): ReceivedLog[] {
  const times = own.flatMap(({ startNanos, endNanos }) => [startNanos, endNanos]).toSorted((a, b) => Number(a - b));
  const [first = 0n, last = 0n] = [times[0], times.at(-1)];
  return logs.filter(({ timeNanos, eventName }) => eventName === '' && timeNanos >= first && timeNanos <= last);
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
