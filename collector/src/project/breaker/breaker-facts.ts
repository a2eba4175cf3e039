import { type AttributeValue, attributesObject, hexAt, textAt } from '../../decode/text.js';
import type { LogColumns } from '../../telemetry/log-columns.js';
import type { MetricColumns } from '../../telemetry/metric-columns.js';
import type { SpanColumns } from '../../telemetry/span-columns.js';
import { Name } from '../../telemetry/vocabulary.js';
import type { BreakerFact } from '../projection.js';
import type { ResourceFacts } from '../resource-facts.js';

const DELTA = 1;

type Attributes = Record<string, AttributeValue>;

/** Transitions and restatements told by log events named `circuit_breaker.state_change`. */
export function breakerFactOfLog(
  columns: LogColumns,
  row: number,
  eventName: string,
  self: ResourceFacts,
): BreakerFact | null {
  if (eventName !== Name.breakerStateChange) return null;
  const attributes = attributesObject(
    columns,
    columns.attribute.from[row] as number,
    columns.attribute.to[row] as number,
  );
  const traceId = hexAt(columns.bytes, columns.traceId[row] as number, 16);
  return stateFact(attributes, columns.timeNano[row] as bigint, self, traceId, 'log');
}

/**
 * What a span that went through a breaker tells: the state it met, the outcome it had, and transitions told as span
 * events.
 */
export function breakerFactsOfSpan(columns: SpanColumns, row: number, self: ResourceFacts): BreakerFact[] {
  const { bytes, event, events } = columns;
  const attributes = attributesObject(
    columns,
    columns.attribute.from[row] as number,
    columns.attribute.to[row] as number,
  );
  const traceId = hexAt(bytes, columns.traceId[row] as number, 16);
  const facts: BreakerFact[] = [];
  const endNano = columns.endNano[row] as bigint;
  // The state that the call met, so as of its beginning.
  const state = stateFact(attributes, columns.startNano[row] as bigint, self, traceId, 'span');
  if (state) facts.push(state);
  const outcome = text(attributes, Name.breakerOutcome);
  if (outcome) {
    facts.push({ ...plain(attributes, endNano, self, traceId, 'span'), kind: 'calls', outcome, count: 1 });
  }
  for (let i = event.from[row] as number; i < (event.to[row] as number); i++) {
    const name = textAt(bytes, events.name.offset[i] as number, events.name.length[i] as number);
    if (name !== Name.breakerStateChange) continue;
    const own = attributesObject(columns, events.attribute.from[i] as number, events.attribute.to[i] as number);
    const told = stateFact({ ...attributes, ...own }, events.timeNano[i] as bigint, self, traceId, 'span');
    if (told) facts.push(told);
  }
  return facts;
}

/** The point of one of the breaker metrics of vocabulary; null when it says nothing. */
export function breakerFactOfPoint(
  columns: MetricColumns,
  row: number,
  metric: string,
  self: ResourceFacts,
): BreakerFact | null {
  const { metrics, points } = columns;
  const attributes = attributesObject(
    columns,
    points.attribute.from[row] as number,
    points.attribute.to[row] as number,
  );
  const timeNano = points.timeNano[row] as bigint;
  const value = points.value[row] as number;
  if (text(attributes, Name.breakerName) === '') return null;
  const fact = plain(attributes, timeNano, self, '', 'metric');
  if (metric === Name.breakerStatusMetric) {
    // One series per state, 1 for the state it is in.
    return value === 1 ? { ...fact, kind: 'state', state: text(attributes, Name.breakerState) } : null;
  }
  if (metric === Name.breakerExecutions) {
    const cumulative = metrics.temporality[points.metric[row] as number] !== DELTA;
    return { ...fact, kind: 'calls', outcome: text(attributes, Name.breakerOutcome), count: value, cumulative };
  }
  return null;
}

export const BREAKER_METRICS: readonly string[] = [Name.breakerStatusMetric, Name.breakerExecutions];

function stateFact(
  attributes: Attributes,
  timeNano: bigint,
  self: ResourceFacts,
  traceId: string,
  source: BreakerFact['source'],
): BreakerFact | null {
  const state = text(attributes, Name.breakerState);
  if (state === '' || text(attributes, Name.breakerName) === '') return null;
  const previous = text(attributes, Name.breakerPreviousState);
  const fact = plain(attributes, timeNano, self, traceId, source);
  return { ...fact, kind: previous && previous !== state ? 'transition' : 'state', state, previous };
}

function plain(
  attributes: Attributes,
  timeNano: bigint,
  self: ResourceFacts,
  traceId: string,
  source: BreakerFact['source'],
): BreakerFact {
  const ratio = attributes[Name.breakerFailureRatio];
  return {
    kind: 'state',
    name: text(attributes, Name.breakerName),
    service: self.service,
    instance: self.instance,
    environment: self.environment,
    target: targetOf(attributes),
    library: text(attributes, Name.breakerLibrary),
    timeNano,
    state: '',
    previous: '',
    reason: text(attributes, Name.breakerReason),
    failureRatio: typeof ratio === 'number' ? ratio : null,
    outcome: '',
    count: 0,
    cumulative: false,
    source,
    traceId,
  };
}

/** As edges of the map name it: a service, or an address with its port. */
function targetOf(attributes: Attributes): string {
  const address = text(attributes, Name.serverAddress);
  const port = text(attributes, Name.serverPort);
  return text(attributes, Name.peerService) || (address && port ? `${address}:${port}` : address);
}

function text(attributes: Attributes, key: string): string {
  const value = attributes[key];
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}
