import { KnexInstrumentation } from '@opentelemetry/instrumentation-knex';

export const create = (): KnexInstrumentation => new KnexInstrumentation();
