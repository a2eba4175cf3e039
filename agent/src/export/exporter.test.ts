import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Exporter } from './exporter.js';
import type { WorkerData } from './mailbox.js';

it('counts as dropped what a worker that dies takes along', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-worker-'));
  const workerFile = join(folder, 'dies.cjs');
  writeFileSync(workerFile, "require('node:worker_threads').parentPort.once('message', () => process.exit(1));");
  const exporter = new Exporter({
    workerFile,
    workerData: () => ({}) as WorkerData,
    delayMs: 1,
    maxQueuedBytes: 1_000_000,
    exitTimeoutMs: 100,
    beforeShip: () => undefined,
    onFault: () => undefined,
  });
  const scope = { name: 'test', version: '1' };
  for (let record = 0; record < 3; record++) {
    exporter.queues.traces.open(scope).raw(new Uint8Array(10));
    exporter.queues.traces.commit();
  }
  exporter.ship();
  await expect.poll(() => exporter.counters.dropped('traces')).toBe(3);
  expect(exporter.counters.queuedBytes()).toBe(0);
  expect(exporter.counters.dropped('logs')).toBe(0);
  rmSync(folder, { recursive: true });
});
