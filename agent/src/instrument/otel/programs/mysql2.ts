import { MySQL2Instrumentation } from '@opentelemetry/instrumentation-mysql2';

export const create = (): MySQL2Instrumentation => new MySQL2Instrumentation();
