import { yieldLogsApi } from '../../engine/logger-provider.js';
import { override } from '../../hook/override.js';
import type { Instrumentation } from '../instrumentation.js';

type Register = (this: unknown, provider: unknown) => unknown;

/** `@opentelemetry/api-logs`: an application that registers a provider of its own finds the place free. */
export const opentelemetryApiLogs: Instrumentation = {
  library: '@opentelemetry/api-logs',
  patch: (exports, agent) => {
    const { logs } = exports as { logs?: { setGlobalLoggerProvider?: Register } };
    const register = logs?.setGlobalLoggerProvider;
    if (logs === undefined || register === undefined) return;
    override(logs, {
      setGlobalLoggerProvider(provider) {
        yieldLogsApi(agent.loggerProvider);
        return register.call(this, provider);
      },
    });
  },
};
