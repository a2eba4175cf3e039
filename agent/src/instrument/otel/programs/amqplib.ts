import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';

export const create = (): AmqplibInstrumentation => new AmqplibInstrumentation();
