import { DataloaderInstrumentation } from '@opentelemetry/instrumentation-dataloader';

export const create = (): DataloaderInstrumentation => new DataloaderInstrumentation();
