import { join } from 'node:path';
import type { AgentConfig } from '../config/config.js';
import { encodeResource } from '../encode/resource.js';
import { Exporter } from '../export/exporter.js';
import type { Destination, WorkerData } from '../export/mailbox.js';
import type { Signal } from '../export/queue.js';
import { Clock } from '../record/clock.js';
import type { Identity } from '../resource/identity.js';
import type { Warn } from './engine.js';

/** Bytes are counted in 32 bits. */
const LARGEST_QUEUE_BYTES = 2 ** 30;

/** The way out that every engine has: logs and metrics always go through it, spans with the own engine. */
export interface Outlet {
  readonly clock: Clock;
  readonly exporter: Exporter;
}

/** Builds clock and exporter. `programs` is the directory of the built files. */
export function createOutlet(config: AgentConfig, identity: Identity, programs: string, warn: Warn): Outlet {
  const clock = new Clock();
  const workerData = (shared: SharedArrayBuffer): WorkerData => ({
    orreryExport: true,
    shared,
    resource: encodeResource(identity.resource()),
    destinations: {
      traces: destination(config, 'traces'),
      logs: destination(config, 'logs'),
      metrics: destination(config, 'metrics'),
    },
    compression: config.compression,
    timeoutMs: config.exportTimeoutMs,
  });
  const exporter = new Exporter({
    workerFile: join(programs, 'export-worker.cjs'),
    workerData,
    delayMs: config.scheduleDelayMs,
    maxQueuedBytes: Math.min(config.queueBytes, LARGEST_QUEUE_BYTES),
    exitTimeoutMs: config.exitTimeoutMs,
    beforeShip: () => clock.renewAnchor(),
    onFault: (fault) => warn('export', 'the export worker failed', fault),
  });
  return { clock, exporter };
}

/** OTLP exporter specification, "Endpoint URLs for OTLP/HTTP": a signal's own URL is used as it is, the common one is a base. */
export function destination(config: AgentConfig, signal: Signal): Destination {
  const own = { traces: config.tracesEndpoint, logs: config.logsEndpoint, metrics: config.metricsEndpoint }[signal];
  const more = { traces: config.tracesHeaders, logs: config.logsHeaders, metrics: config.metricsHeaders }[signal];
  const base = (config.endpoint ?? 'http://127.0.0.1:4318').replace(/\/+$/, '');
  return { url: own ?? `${base}/v1/${signal}`, headers: Object.fromEntries([...config.headers, ...more]) };
}
