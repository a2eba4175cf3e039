import { LruMemoizerInstrumentation } from '@opentelemetry/instrumentation-lru-memoizer';

export const create = (): LruMemoizerInstrumentation => new LruMemoizerInstrumentation();
