import { type AttributeValue, attributeValue, findAttribute, hexAt, keyBytes, textAt } from '../../decode/text.js';
import type { LogColumns } from '../../telemetry/log-columns.js';
import type { SpanColumns } from '../../telemetry/span-columns.js';
import { Name } from '../../telemetry/vocabulary.js';
import type { SagaFact } from '../projection.js';
import type { ResourceFacts } from '../resource-facts.js';
import { SpanKey, type SpanReader } from '../span-facts.js';
import type { SagaDefinition } from './definition.js';
import { type Matchable, matches } from './matches.js';

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUSES = ['unset', 'ok', 'error'];
const STATUS_ERROR = 2;
const SEVERITY_ERROR = 17;

/**
 * Steps of sagas that no service knows to be one: a definition says which spans are steps and which attribute joins
 * them. The saga's id is the definition's name and the joining value, so that two sagas over one key stay apart.
 */
export function chosenBySpan(
  columns: SpanColumns,
  row: number,
  span: SpanReader,
  self: ResourceFacts,
  definitions: SagaDefinition[],
): SagaFact[] {
  const item = spanItem(columns, row, self);
  const timeNano = columns.startNano[row] as bigint;
  const failed = columns.statusCode[row] === STATUS_ERROR;
  return chosen('spans', definitions, item, {
    timeNano,
    endNano: columns.endNano[row] as bigint,
    outcome: failed ? 'failed' : 'succeeded',
    failureKind: failed ? 'technical' : '',
    message: textAt(
      columns.bytes,
      columns.statusMessage.offset[row] as number,
      columns.statusMessage.length[row] as number,
    ),
    service: self.service,
    environment: self.environment,
    traceId: hexAt(columns.bytes, columns.traceId[row] as number, 16),
    spanId: hexAt(columns.bytes, columns.spanId[row] as number, 8),
    synthetic: span.flag(SpanKey.synthetic),
  });
}

/** The same for log lines: a matching line is a step that took no time. */
export function chosenByLog(
  columns: LogColumns,
  row: number,
  self: ResourceFacts,
  definitions: SagaDefinition[],
): SagaFact[] {
  const timeNano = columns.timeNano[row] as bigint;
  const failed = (columns.severityNumber[row] as number) >= SEVERITY_ERROR;
  const item = logItem(columns, row, self);
  return chosen('logs', definitions, item, {
    timeNano,
    endNano: timeNano,
    outcome: failed ? 'failed' : 'succeeded',
    failureKind: failed ? 'technical' : '',
    message: failed ? item.text() : '',
    service: self.service,
    environment: self.environment,
    traceId: hexAt(columns.bytes, columns.traceId[row] as number, 16),
    spanId: hexAt(columns.bytes, columns.spanId[row] as number, 8),
    synthetic: String(item.attribute(Name.synthetic)) === 'true',
  });
}

type Seen = Pick<
  SagaFact,
  | 'timeNano'
  | 'endNano'
  | 'outcome'
  | 'failureKind'
  | 'message'
  | 'service'
  | 'environment'
  | 'traceId'
  | 'spanId'
  | 'synthetic'
>;

function chosen(on: 'spans' | 'logs', definitions: SagaDefinition[], item: Matchable, seen: Seen): SagaFact[] {
  const facts: SagaFact[] = [];
  for (const definition of definitions) {
    if (definition.correlation === '') continue;
    definition.steps.forEach((step, stepIndex) => {
      if (step.on !== on || !step.match || !matches(step.match, item)) return;
      const key = item.attribute(definition.correlation);
      if (key === undefined || key === null || typeof key === 'object' || key === '') return;
      facts.push({
        ...seen,
        sagaId: `${definition.name}/${key}`,
        sagaName: definition.name,
        sagaVersion: definition.version,
        type: definition.type,
        event: 'step',
        step: step.name,
        stepKind: step.kind,
        stepIndex,
        attempt: 0,
        sequence: 0,
        correlationId: String(item.attribute(Name.correlationId) ?? ''),
      });
    });
  }
  return facts;
}

function spanItem(columns: SpanColumns, row: number, self: ResourceFacts): Matchable {
  const { bytes, name } = columns;
  const text = (): string => textAt(bytes, name.offset[row] as number, name.length[row] as number);
  return itemOf(columns, row, self, text, (column) => {
    switch (column) {
      case 'name':
        return text();
      case 'kind':
        return KINDS[columns.kind[row] as number] ?? null;
      case 'status':
        return STATUSES[columns.statusCode[row] as number] ?? null;
      case 'duration':
        return Number((columns.endNano[row] as bigint) - (columns.startNano[row] as bigint)) / 1e6;
      default:
        return null;
    }
  });
}

function logItem(columns: LogColumns, row: number, self: ResourceFacts): Matchable {
  const { bytes, eventName } = columns;
  const body = (): string => {
    const value = attributeValue(columns, columns.body[row] as number);
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return itemOf(columns, row, self, body, (column) => {
    switch (column) {
      case 'body':
        return body();
      case 'severity':
        return columns.severityNumber[row] as number;
      case 'event_name':
        return textAt(bytes, eventName.offset[row] as number, eventName.length[row] as number);
      default:
        return null;
    }
  });
}

/** What spans and log lines have alike; `own` tells the columns of the one or the other. */
function itemOf(
  columns: SpanColumns | LogColumns,
  row: number,
  self: ResourceFacts,
  text: () => string,
  own: Matchable['column'],
): Matchable {
  const attribute = finder(columns, row);
  return {
    text,
    attribute,
    column(column) {
      switch (column) {
        case 'service':
          return self.service;
        case 'environment':
          return self.environment;
        case 'trace_id':
          return hexAt(columns.bytes, columns.traceId[row] as number, 16);
        case 'span_id':
          return hexAt(columns.bytes, columns.spanId[row] as number, 8);
        case 'correlation_id':
          return attribute(Name.correlationId) ?? null;
        case 'saga_id':
          return attribute(Name.sagaId) ?? null;
        default:
          return own(column);
      }
    },
  };
}

/** Looks an attribute up on the item, then on its resource. */
function finder(columns: SpanColumns | LogColumns, row: number): (name: string) => AttributeValue | undefined {
  const { attribute, resources } = columns;
  const resource = columns.resource[row] as number;
  return (name) => {
    const key = keyBytes(name);
    let at = findAttribute(columns, attribute.from[row] as number, attribute.to[row] as number, key);
    if (at === -1) {
      at = findAttribute(
        columns,
        resources.attributes.from[resource] as number,
        resources.attributes.to[resource] as number,
        key,
      );
    }
    return at === -1 ? undefined : attributeValue(columns, at);
  };
}
