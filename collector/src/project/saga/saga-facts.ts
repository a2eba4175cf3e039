import { type AttributeValue, attributesObject, hexAt, textAt } from '../../decode/text.js';
import type { LogColumns } from '../../telemetry/log-columns.js';
import type { SpanColumns } from '../../telemetry/span-columns.js';
import { Name } from '../../telemetry/vocabulary.js';
import type { SagaFact } from '../projection.js';
import type { ResourceFacts } from '../resource-facts.js';
import { SpanKey, type SpanReader } from '../span-facts.js';

const EVENT_PREFIX = 'saga.';
const PREFIX_BYTES = Buffer.from(EVENT_PREFIX);
const STATUS_ERROR = 2;

type Attributes = Record<string, AttributeValue>;

/**
 * Facts that a span tells: the attempt of a step that it is (`saga.id` and `saga.step.name`), and the moments that its
 * `saga.*` events are.
 */
export function sagaFactsOfSpan(columns: SpanColumns, row: number, span: SpanReader, self: ResourceFacts): SagaFact[] {
  const moments = momentRows(columns, row);
  const isStep = span.has(SpanKey.sagaId) && span.has(SpanKey.sagaStep);
  if (!isStep && moments.length === 0) return [];
  const attributes = attributesObject(
    columns,
    columns.attribute.from[row] as number,
    columns.attribute.to[row] as number,
  );
  const place = {
    service: self.service,
    environment: self.environment,
    traceId: hexAt(columns.bytes, columns.traceId[row] as number, 16),
    spanId: hexAt(columns.bytes, columns.spanId[row] as number, 8),
    synthetic: span.flag(SpanKey.synthetic),
  };
  const facts: SagaFact[] = [];
  for (const event of moments) {
    const { events } = columns;
    const own = attributesObject(columns, events.attribute.from[event] as number, events.attribute.to[event] as number);
    const name = textAt(columns.bytes, events.name.offset[event] as number, events.name.length[event] as number);
    const timeNano = events.timeNano[event] as bigint;
    const fact = momentFact(name, { ...attributes, ...own }, timeNano, place);
    if (fact) facts.push(fact);
  }
  if (isStep) {
    const message = textAt(
      columns.bytes,
      columns.statusMessage.offset[row] as number,
      columns.statusMessage.length[row] as number,
    );
    const failed = columns.statusCode[row] === STATUS_ERROR;
    facts.push(
      stepFact(attributes, facts, {
        ...place,
        timeNano: columns.startNano[row] as bigint,
        endNano: columns.endNano[row] as bigint,
        message,
        failed,
      }),
    );
  }
  return facts;
}

/** The moment that a log event named `saga.*` is; null for every other line. */
export function sagaFactOfLog(
  columns: LogColumns,
  row: number,
  eventName: string,
  self: ResourceFacts,
): SagaFact | null {
  if (!eventName.startsWith(EVENT_PREFIX)) return null;
  const attributes = attributesObject(
    columns,
    columns.attribute.from[row] as number,
    columns.attribute.to[row] as number,
  );
  return momentFact(eventName, attributes, columns.timeNano[row] as bigint, {
    service: self.service,
    environment: self.environment,
    traceId: hexAt(columns.bytes, columns.traceId[row] as number, 16),
    spanId: hexAt(columns.bytes, columns.spanId[row] as number, 8),
    synthetic: text(attributes, Name.synthetic) === 'true',
  });
}

/** Rows of the span's events whose name begins with `saga.`, found without decoding the others. */
function momentRows({ bytes, event, events }: SpanColumns, row: number): number[] {
  const rows: number[] = [];
  for (let i = event.from[row] as number; i < (event.to[row] as number); i++) {
    const offset = events.name.offset[i] as number;
    const isMoment =
      (events.name.length[i] as number) > PREFIX_BYTES.length &&
      PREFIX_BYTES.every((byte, at) => bytes[offset + at] === byte);
    if (isMoment) rows.push(i);
  }
  return rows;
}

type Place = Pick<SagaFact, 'service' | 'environment' | 'traceId' | 'spanId' | 'synthetic'>;

function momentFact(name: string, attributes: Attributes, timeNano: bigint, place: Place): SagaFact | null {
  if (text(attributes, Name.sagaId) === '') return null;
  const event = name.slice(EVENT_PREFIX.length);
  const message =
    text(attributes, 'saga.message') || text(attributes, 'exception.message') || text(attributes, 'reason');
  return { ...place, ...described(attributes), event, message, timeNano, endNano: timeNano };
}

function stepFact(
  attributes: Attributes,
  moments: SagaFact[],
  span: Place & { timeNano: bigint; endNano: bigint; message: string; failed: boolean },
): SagaFact {
  const { failed, ...place } = span;
  const facts = described(attributes);
  const told = moments.findLast(
    (fact) => fact.step === facts.step && /^step\.(succeeded|failed|compensated)$/.test(fact.event),
  );
  const ended = told ? (told.event === 'step.failed' ? 'failed' : 'succeeded') : failed ? 'failed' : 'succeeded';
  return {
    ...facts,
    ...place,
    event: 'step',
    outcome: facts.outcome || ended,
    failureKind: facts.failureKind || told?.failureKind || '',
    message: place.message || told?.message || '',
  };
}

function described(
  attributes: Attributes,
): Pick<
  SagaFact,
  | 'sagaId'
  | 'sagaName'
  | 'sagaVersion'
  | 'type'
  | 'step'
  | 'stepKind'
  | 'stepIndex'
  | 'attempt'
  | 'outcome'
  | 'failureKind'
  | 'sequence'
  | 'correlationId'
> {
  const type = text(attributes, Name.sagaType);
  const outcome = text(attributes, Name.sagaStepOutcome);
  const failure = text(attributes, Name.sagaStepFailureKind);
  return {
    sagaId: text(attributes, Name.sagaId),
    sagaName: text(attributes, Name.sagaName),
    sagaVersion: text(attributes, Name.sagaVersion),
    type: type === 'orchestration' || type === 'choreography' ? type : 'unknown',
    step: text(attributes, Name.sagaStep),
    stepKind: text(attributes, Name.sagaStepKind) === 'compensation' ? 'compensation' : 'action',
    stepIndex: whole(attributes, Name.sagaStepIndex),
    attempt: whole(attributes, Name.sagaStepAttempt),
    outcome: outcome === 'succeeded' || outcome === 'failed' || outcome === 'skipped' ? outcome : '',
    failureKind: failure === 'business' || failure === 'technical' ? failure : '',
    sequence: whole(attributes, Name.sagaSequence),
    correlationId: text(attributes, Name.correlationId),
  };
}

function text(attributes: Attributes, key: string): string {
  const value = attributes[key];
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

function whole(attributes: Attributes, key: string): number {
  const value = Number(attributes[key] ?? 0);
  return Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
