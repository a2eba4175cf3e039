import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';

export const create = (): PgInstrumentation => new PgInstrumentation();
