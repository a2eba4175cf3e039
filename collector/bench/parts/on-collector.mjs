import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runLoad } from '../load/run-load.mjs';
import { startCollector } from './start-collector.mjs';

/** Names of a signal: as its requests are sent, as items are counted, and as they are stored. */
export const SIGNALS = {
  traces: { items: 'spans', stored: 'spans' },
  logs: { items: 'lines', stored: 'logs' },
  metrics: { items: 'points', stored: 'metric_points' },
};

/** How long the store may take to follow when nothing is sent any more. */
const CATCH_UP_MS = 180_000;

/** Runs the whole program in a folder of its own while `work` measures it; nothing is left of either. */
export async function onCollector(work, environment = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'orrery-bench-'));
  try {
    const collector = await startCollector(dataDir, environment);
    try {
      await work(collector, dataDir);
    } finally {
      await collector.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A second of load that is not measured: compilers and caches have seen the signal. */
export async function warmUp(collector, load) {
  await runLoad({ port: collector.otlpPort, ...load, seconds: 2 });
  await storedAll(collector);
}

/** The collector's own figures once everything that was acknowledged can be asked for. */
export async function storedAll(collector) {
  const until = performance.now() + CATCH_UP_MS;
  for (;;) {
    const status = await collector.ask('/status');
    if (behind(status) === 0 || performance.now() > until) return status;
    await wait(100);
  }
}

/** Items that are acknowledged and not stored yet. */
export function behind({ ingest, storage }) {
  const names = Object.entries(SIGNALS);
  return names.reduce((sum, [signal, { stored }]) => sum + ingest[signal].items - storage[stored], 0);
}
