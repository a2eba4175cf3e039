import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { AgentConfig } from '../config/config.js';
import { destination } from '../config/destination.js';
import { encodeResource } from '../encode/resource.js';
import { Exporter } from '../export/exporter.js';
import type { WorkerData } from '../export/mailbox.js';
import { Clock } from '../record/clock.js';
import type { Identity } from '../resource/identity.js';
import type { Warn } from './engine.js';

/** Bytes are counted in 32 bits. */
const LARGEST_QUEUE_BYTES = 2 ** 30;
/** A request may take this part of the schedule's delay longer, when that makes one of several. */
const GATHER_SHARE = 5;

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
    gatherMs: config.scheduleDelayMs / GATHER_SHARE,
    watchesSignals: isMainThread,
    exitTimeoutMs: config.exitTimeoutMs,
    destinations: {
      traces: destination(config, 'traces'),
      logs: destination(config, 'logs'),
      metrics: destination(config, 'metrics'),
    },
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
