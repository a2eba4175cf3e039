import { MySQLInstrumentation } from '@opentelemetry/instrumentation-mysql';

export const create = (): MySQLInstrumentation => new MySQLInstrumentation();
