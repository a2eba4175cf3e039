import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { buildServer } from '../api/serve/build-server.js';
import { isLoopbackName } from '../api/serve/local-guard.js';
import { openSqliteControlStore } from '../control/sqlite/sqlite-control-store.js';
import { figuresSocket } from '../ingest/run-ingest.js';
import { startTracing } from '../self/start-tracing.js';
import { traceReader } from '../self/trace-reader.js';
import { askIngest } from './ingest-health.js';
import { urlHost } from './ingest-role.js';
import { openReader } from './open-reader.js';
import { storeGauges } from './other-processes-metrics.js';
import type { Role } from './role.js';

const STREAM_STALL_MS = 30_000;

export const startApi: Role = async ({ config, logger, version, uiFolder, agentFile }) => {
  await mkdir(config.data_dir, { recursive: true });
  const control = openSqliteControlStore(join(config.data_dir, 'control.sqlite'));
  const { reader, letters, health, close } = await openReader(config, logger);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  storeGauges(health.store, registry);
  const { close: closeIngest, ...ingest } = askIngest(figuresSocket(config.data_dir), config);
  const host = urlHost(config.host);
  const loopback = isLoopbackName(config.host);
  const app = await buildServer(
    {
      reader: traceReader(reader),
      letters,
      control,
      registry,
      health: { ...health, ...ingest },
      facts: {
        version,
        store: config.store,
        startedMs: Date.now(),
        endpoints: {
          otlp_http: `http://${host}:${config.otlp_port}`,
          ui: `http://${host}:${config.ui_port}`,
          agent: existsSync(agentFile) ? agentFile : '@orrery/agent/register',
        },
        loopback,
        allowedHosts: config.api.allowed_hosts,
        uiFolder: config.api.ui_dir === '' ? uiFolder : config.api.ui_dir,
      },
      limits: {
        queryTimeoutMs: config.api.query_timeout_ms,
        bodyBytes: config.api.max_body_bytes,
        streams: config.api.max_streams,
        streamStallMs: STREAM_STALL_MS,
      },
    },
    logger,
  );
  const stop = async (): Promise<void> => {
    await app.close();
    await Promise.all([close(), closeIngest()]);
    await control.close();
  };
  try {
    await app.listen({ host: config.host, port: config.ui_port });
  } catch (error) {
    await stop();
    throw error;
  }
  const tracing = startTracing({
    service: 'orrery-api',
    version,
    endpoint: `http://${host}:${config.otlp_port}`,
    traces: config.self.traces,
    slowMs: config.self.slow_ms,
  }).catch((error: unknown) => {
    logger.warn({ err: error }, 'this process is not traced');
    return async () => undefined;
  });
  return {
    sentence: `dashboard and API at http://${host}:${config.ui_port}`,
    stop: async () => {
      await (await tracing)();
      await stop();
    },
  };
};
