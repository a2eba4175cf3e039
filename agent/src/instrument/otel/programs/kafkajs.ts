import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';

export const create = (): KafkaJsInstrumentation => new KafkaJsInstrumentation();
