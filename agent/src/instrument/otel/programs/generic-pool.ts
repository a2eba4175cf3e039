import { GenericPoolInstrumentation } from '@opentelemetry/instrumentation-generic-pool';

export const create = (): GenericPoolInstrumentation => new GenericPoolInstrumentation();
