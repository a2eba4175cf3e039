import { words } from '../decode/column-growth.js';
import { ABSENT, type SpanColumns } from '../telemetry/span-columns.js';
import { breakerFactsOfSpan } from './breaker/breaker-facts.js';
import { condenseBreakers } from './breaker/condense.js';
import { nameTargets } from './breaker/guarded-targets.js';
import { emptyProjection } from './empty-projection.js';
import { EdgeGatherer } from './project-edges.js';
import { RedGatherer } from './project-red.js';
import type { BreakerFact, Projection } from './projection.js';
import { resourceFacts, senderFacts } from './resource-facts.js';
import { chosenBySpan } from './saga/choreography.js';
import type { SagaDefinition } from './saga/definition.js';
import { sagaFactsOfSpan } from './saga/saga-facts.js';
import { SpanKey, SpanReader } from './span-facts.js';
import { minuteOf, nanosBetween } from './span-time.js';
import { TextIds } from './text-ids.js';
import { TraceGatherer } from './trace-gatherer.js';

const SERVER = 2;
const CONSUMER = 5;
const STATUS_ERROR = 2;

/**
 * What one request's spans say beyond their rows. A pure function of its arguments.
 * @param receivedNano when the record was received: when its senders were last seen
 */
export function projectTraces(columns: SpanColumns, definitions: SagaDefinition[], receivedNano: bigint): Projection {
  const projection = emptyProjection();
  const resources = resourceFacts(columns);
  const span = new SpanReader(columns);
  const texts = new TextIds(columns.bytes);
  const red = new RedGatherer(texts);
  const edges = new EdgeGatherer(texts);
  const traces = new TraceGatherer(columns.bytes);
  const starts = words(columns.startNano);
  const ends = words(columns.endNano);
  const guarded: { row: number; facts: BreakerFact[] }[] = [];
  for (let row = 0; row < columns.count; row++) {
    const resource = columns.resource[row] as number;
    const self = resources[resource];
    if (!self) continue;
    span.at(row);
    const startLow = starts[row * 2] as number;
    const startHigh = starts[row * 2 + 1] as number;
    const endLow = ends[row * 2] as number;
    const endHigh = ends[row * 2 + 1] as number;
    const nanos = nanosBetween(startHigh, startLow, endHigh, endLow);
    const minute = minuteOf(startHigh, startLow);
    const error = columns.statusCode[row] === STATUS_ERROR;
    const synthetic = span.flag(SpanKey.synthetic);
    const kind = columns.kind[row];

    const part = traces.part(columns.traceId[row] as number, self.environment);
    part.count(self.service, startHigh, startLow, endHigh, endLow, error);
    part.synthetic ||= synthetic;
    if (!part.correlationId && span.has(SpanKey.correlationId)) part.correlationId = span.text(SpanKey.correlationId);
    if (!part.sagaId && span.has(SpanKey.sagaId)) part.sagaId = span.text(SpanKey.sagaId);
    if (!part.syntheticCheck && span.has(SpanKey.syntheticCheck)) {
      part.syntheticCheck = span.text(SpanKey.syntheticCheck);
    }

    const isRoot = columns.parentSpanId[row] === ABSENT;
    if (isRoot || kind === SERVER || kind === CONSUMER) {
      const operation = texts.idOf(columns.name.offset[row] as number, columns.name.length[row] as number);
      if (isRoot) {
        const startNano = columns.startNano[row] as bigint;
        if (!part.root || startNano < part.root.startNano) {
          const name = texts.textOf(operation);
          part.root = { service: self.service, name, startNano, durationNano: BigInt(nanos) };
        }
      }
      if (kind === SERVER || kind === CONSUMER) {
        const answered = kind === SERVER ? 'server' : 'consumer';
        red.add(self, resource, operation, answered, synthetic, minute, nanos, endHigh, endLow, error);
      }
    }
    edges.add(columns, row, span, self, resource, minute, nanos, error, synthetic);
    if (span.has(SpanKey.sagaId) || (columns.event.to[row] as number) > (columns.event.from[row] as number)) {
      projection.sagas.push(...sagaFactsOfSpan(columns, row, span, self));
    }
    if (definitions.length > 0) projection.sagas.push(...chosenBySpan(columns, row, span, self, definitions));
    if (span.has(SpanKey.breakerName)) guarded.push({ row, facts: breakerFactsOfSpan(columns, row, self) });
  }
  nameTargets(columns, span, guarded);
  projection.breakers = condenseBreakers(guarded.flatMap(({ facts }) => facts));
  projection.red = red.deltas();
  projection.edges = edges.edges();
  projection.traces = traces.parts();
  projection.senders = senderFacts(resources, receivedNano);
  return projection;
}
