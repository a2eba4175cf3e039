import type { ReceivedLog, ReceivedSpan, Value } from '../test/sink/otlp-decode.js';
import type { ExpectedLog, ExpectedSpan } from './scenario.js';

const ERROR = 2;

/** Instrumentations of OpenTelemetry that name messages as conventions did before. */
const BY_OLDER_CONVENTIONS: ReadonlySet<string> = new Set(['@opentelemetry/instrumentation-aws-sdk']);

/** What the semantic conventions require of a span, by what it is. */
function requiredAttributes({ kind, attributes, scope }: ReceivedSpan): readonly string[] {
  if ('messaging.system' in attributes && !BY_OLDER_CONVENTIONS.has(scope))
    return ['messaging.operation.name', 'messaging.operation.type', 'messaging.destination.name'];
  if (kind === 'server' && 'http.request.method' in attributes)
    return ['url.path', 'url.scheme', 'server.address', 'server.port', 'client.address', 'network.protocol.version'];
  if (kind === 'client' && 'http.request.method' in attributes) return ['url.full', 'server.address', 'server.port'];
  return [];
}

/** What is wrong with the spans of one exchange; nothing when the tree is exactly the expected one. */
export function faultsOfTree(spans: readonly ReceivedSpan[], expected: ExpectedSpan): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId));
  if (roots.length === 0) return [`no span of "${String(expected.name)}"`];
  const traces = new Set(spans.map(({ traceId }) => traceId));
  if (traces.size > 1) return [`${traces.size} traces instead of one: ${shown(spans)}`];
  return faultsBelow(spans, roots, [expected], 'the request');
}

function faultsBelow(
  all: readonly ReceivedSpan[],
  found: readonly ReceivedSpan[],
  expected: readonly ExpectedSpan[],
  above: string,
): string[] {
  const left = [...found];
  const faults = expected.flatMap((wanted) => {
    const same = left.findIndex(({ name, kind }) => isNamed(name, wanted.name) && kind === wanted.kind);
    if (same === -1) return [`no ${wanted.kind} span "${String(wanted.name)}" under ${above} (there: ${shown(left)})`];
    const [span] = left.splice(same, 1) as [ReceivedSpan];
    const own = faultsOfSpan(span, wanted);
    if (wanted.open) return own;
    const children = all.filter(({ parentSpanId }) => parentSpanId === span.spanId);
    return [...own, ...faultsBelow(all, children, wanted.children ?? [], `"${span.name}"`)];
  });
  return left.length === 0 ? faults : [...faults, `unexpected under ${above}: ${shown(left)}`];
}

function faultsOfSpan(span: ReceivedSpan, { attributes = {}, failed = false, exception }: ExpectedSpan): string[] {
  const faults = faultsOfValues(span.attributes, attributes);
  for (const key of requiredAttributes(span)) if (!(key in span.attributes)) faults.push(`${key} is missing`);
  if ((span.status.code === ERROR) !== failed) faults.push(failed ? 'status is not Error' : 'status is Error');
  // OpenTelemetry's own instrumentations leave it out in places; they are as they are.
  const isOurs = span.scope.startsWith('@orrery/');
  if (failed && isOurs && !('error.type' in span.attributes)) faults.push('error.type is missing');
  const exceptions = span.events.filter(({ name }) => name === 'exception').map((e) => e.attributes['exception.type']);
  const wanted = exception === undefined ? [] : [exception];
  if (!same(exceptions as Value, wanted)) faults.push(`exceptions ${JSON.stringify(exceptions)}`);
  if (span.resource['service.name'] !== 'matrix') faults.push('no service.name');
  return faults.map((fault) => `"${span.name}": ${fault}`);
}

/** What is wrong with the records and lines of one exchange. */
export function faultsOfLogs(
  logs: readonly ReceivedLog[],
  stdout: string,
  spans: readonly ReceivedSpan[],
  expected: readonly ExpectedLog[],
): string[] {
  return expected.flatMap(({ body, at, severity, attributes, line }) => {
    const log = logs.find(
      (candidate) => String(candidate.body).startsWith(body) && candidate.traceId === spans[0]?.traceId,
    );
    if (log === undefined) return [`no record "${body}"`];
    const span = spans.find(({ name, spanId }) => (at === undefined || name === at) && spanId === log.spanId);
    if (span === undefined) return [`"${body}" is not at a span "${at ?? 'of the request'}"`];
    const faults = faultsOfValues(log.attributes, {
      'correlation.id': span.attributes['correlation.id'] ?? '',
      ...attributes,
    });
    if (severity !== undefined && log.severityNumber !== severity) faults.push(`severity ${log.severityNumber}`);
    const written = stdout.split('\n').filter((candidate) => candidate.includes(body));
    if (line === 'with ids' && !written.some((text) => hasIds(text, span))) faults.push('no ids in its line');
    if (line === 'as it is' && !written.some((text) => !text.includes(span.traceId)))
      faults.push('its line was changed');
    return faults.map((fault) => `"${body}": ${fault}`);
  });
}

function hasIds(line: string, span: ReceivedSpan): boolean {
  return [span.traceId, span.spanId, String(span.attributes['correlation.id'])].every((id) => line.includes(id));
}

function faultsOfValues(
  found: Readonly<Record<string, Value>>,
  expected: Readonly<Record<string, Value | undefined>>,
): string[] {
  return Object.entries(expected)
    .filter(([key, value]) => !same(found[key], value))
    .map(([key, value]) => `${key} is ${JSON.stringify(found[key])}, not ${JSON.stringify(value)}`);
}

function isNamed(name: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? name === wanted : wanted.test(name);
}

function same(left: Value | undefined, right: Value | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function shown(spans: readonly ReceivedSpan[]): string {
  return spans.map(({ kind, name }) => `${kind} "${name}"`).join(', ') || 'none';
}
