import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';

export const create = (): IORedisInstrumentation => new IORedisInstrumentation();
