import { MemcachedInstrumentation } from '@opentelemetry/instrumentation-memcached';

export const create = (): MemcachedInstrumentation => new MemcachedInstrumentation();
