import { OracleInstrumentation } from '@opentelemetry/instrumentation-oracledb';

export const create = (): OracleInstrumentation => new OracleInstrumentation();
