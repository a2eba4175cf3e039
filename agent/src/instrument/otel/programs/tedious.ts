import { TediousInstrumentation } from '@opentelemetry/instrumentation-tedious';

export const create = (): TediousInstrumentation => new TediousInstrumentation();
