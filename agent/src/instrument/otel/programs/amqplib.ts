import type { Span } from '@opentelemetry/api';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';

/**
 * The instrumentation still writes the attribute names of 2021; its hooks add those of today. The destination is the
 * exchange on both sides, or the queue where a message went to it directly (the exchange without a name).
 */
export const create = (): AmqplibInstrumentation =>
  new AmqplibInstrumentation({
    publishHook: (span, { exchange, routingKey }) => describe(span, 'send', exchange, routingKey),
    consumeHook: (span, { msg }) => describe(span, 'process', msg.fields.exchange, msg.fields.routingKey),
  });

function describe(span: Span, operation: string, exchange: string, routingKey: string): void {
  span.setAttributes({
    'messaging.destination.name': exchange || routingKey,
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.rabbitmq.destination.routing_key': routingKey,
  });
}
