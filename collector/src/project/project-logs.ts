import { attributeText, findAttribute, keyBytes, textAt } from '../decode/text.js';
import type { LogColumns } from '../telemetry/log-columns.js';
import { breakerFactOfLog } from './breaker/breaker-facts.js';
import { emptyProjection } from './empty-projection.js';
import type { Projection } from './projection.js';
import { resourceFacts, senderFacts } from './resource-facts.js';
import { chosenByLog } from './saga/choreography.js';
import type { SagaDefinition } from './saga/definition.js';
import { sagaFactOfLog } from './saga/saga-facts.js';

/** How events were named before OTLP had a field for it. */
const EVENT_NAME = keyBytes('event.name');

/** What one request's log lines say beyond their rows: facts of sagas and breakers, and who sent them. */
export function projectLogs(columns: LogColumns, definitions: SagaDefinition[], receivedNano: bigint): Projection {
  const projection = emptyProjection();
  const resources = resourceFacts(columns);
  for (let row = 0; row < columns.count; row++) {
    const self = resources[columns.resource[row] as number];
    if (!self) continue;
    const eventName = eventNameOf(columns, row);
    if (eventName !== '') {
      const saga = sagaFactOfLog(columns, row, eventName, self);
      if (saga) projection.sagas.push(saga);
      const breaker = breakerFactOfLog(columns, row, eventName, self);
      if (breaker) projection.breakers.push(breaker);
    }
    if (definitions.length > 0) projection.sagas.push(...chosenByLog(columns, row, self, definitions));
  }
  projection.senders = senderFacts(resources, receivedNano);
  return projection;
}

/** OTLP's `event_name`, else the attribute `event.name`; empty for plain lines. */
export function eventNameOf(columns: LogColumns, row: number): string {
  const length = columns.eventName.length[row] as number;
  if (length > 0) return textAt(columns.bytes, columns.eventName.offset[row] as number, length);
  const at = findAttribute(
    columns,
    columns.attribute.from[row] as number,
    columns.attribute.to[row] as number,
    EVENT_NAME,
  );
  return at === -1 ? '' : attributeText(columns, at);
}
