import { textAt } from '../decode/text.js';
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
import { SpanReader } from './span-facts.js';
import { countSpan, TraceGatherer } from './trace-gatherer.js';

const SERVER = 2;
const CONSUMER = 5;
const STATUS_ERROR = 2;
const MINUTE_MS = 60_000;

/**
 * What one request's spans say beyond their rows. A pure function of its arguments.
 * @param receivedNano when the record was received: when its senders were last seen
 */
export function projectTraces(columns: SpanColumns, definitions: SagaDefinition[], receivedNano: bigint): Projection {
  const projection = emptyProjection();
  const resources = resourceFacts(columns);
  const span = new SpanReader(columns);
  const red = new RedGatherer();
  const edges = new EdgeGatherer();
  const traces = new TraceGatherer();
  const guarded: { row: number; facts: BreakerFact[] }[] = [];
  for (let row = 0; row < columns.count; row++) {
    const self = resources[columns.resource[row] as number];
    if (!self) continue;
    span.at(row);
    const startNano = columns.startNano[row] as bigint;
    const endNano = columns.endNano[row] as bigint;
    const nanos = endNano > startNano ? Number(endNano - startNano) : 0;
    const minuteMs = Math.floor(Number(startNano / 1_000_000n) / MINUTE_MS) * MINUTE_MS;
    const error = columns.statusCode[row] === STATUS_ERROR;
    const synthetic = span.flag('synthetic');
    const kind = columns.kind[row];

    const part = traces.part(columns.bytes, columns.traceId[row] as number, self.environment);
    countSpan(part, self.service, startNano, endNano, error);
    part.synthetic ||= synthetic;
    if (!part.correlationId && span.has('correlationId')) part.correlationId = span.text('correlationId');
    if (!part.sagaId && span.has('sagaId')) part.sagaId = span.text('sagaId');
    if (!part.syntheticCheck && span.has('syntheticCheck')) part.syntheticCheck = span.text('syntheticCheck');

    const isRoot = columns.parentSpanId[row] === ABSENT;
    if (isRoot || kind === SERVER || kind === CONSUMER) {
      const name = textAt(columns.bytes, columns.name.offset[row] as number, columns.name.length[row] as number);
      if (isRoot && (!part.root || startNano < part.root.startNano)) {
        part.root = { service: self.service, name, startNano, durationNano: BigInt(nanos) };
      }
      if (kind === SERVER || kind === CONSUMER) {
        const answered = kind === SERVER ? 'server' : 'consumer';
        red.add(self, { operation: name, kind: answered, minuteMs, nanos, endNano, error, synthetic });
      }
    }
    edges.add(columns, row, span, self, { minuteMs, nanos, error, synthetic });
    if (span.has('sagaId') || (columns.event.to[row] as number) > (columns.event.from[row] as number)) {
      projection.sagas.push(...sagaFactsOfSpan(columns, row, span, self));
    }
    if (definitions.length > 0) projection.sagas.push(...chosenBySpan(columns, row, span, self, definitions));
    if (span.has('breakerName')) guarded.push({ row, facts: breakerFactsOfSpan(columns, row, self) });
  }
  nameTargets(columns, span, guarded);
  projection.breakers = condenseBreakers(guarded.flatMap(({ facts }) => facts));
  projection.red = red.deltas();
  projection.edges = edges.edges();
  projection.traces = traces.parts();
  projection.senders = senderFacts(resources, receivedNano);
  return projection;
}
