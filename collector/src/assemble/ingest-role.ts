import { runIngest } from '../ingest/run-ingest.js';
import { openStepTrace } from './open-step-trace.js';
import type { Role } from './role.js';

export const startIngest: Role = async ({ config, logger }) => {
  const stopping = new AbortController();
  const running = await runIngest(
    { ...config.ingest, host: config.host, otlp_port: config.otlp_port },
    { dataDir: config.data_dir, logger, signal: stopping.signal, steps: openStepTrace(config.self.step_trace) },
  );
  return {
    sentence: `OTLP/HTTP and _bulk at http://${urlHost(config.host)}:${running.port}`,
    stop: () => {
      stopping.abort();
      return running.stopped;
    },
  };
};

/** An address as it stands in a URL; an address that means "all of mine" is reached as localhost. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
