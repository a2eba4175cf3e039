import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';

export const create = (): RedisInstrumentation => new RedisInstrumentation();
