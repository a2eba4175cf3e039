import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeadLetters } from '../../dist/store/dead-letters.js';
import { openDuckdbStore } from '../../dist/store/duckdb/open-duckdb-store.js';
import { figure } from './figure.mjs';

/** Seals every slice that is over, as the store process does over time, and says what that costs and brings. */
export async function sealAll(dataDir) {
  const before = await bytesOf(dataDir);
  const forever = Number.POSITIVE_INFINITY;
  const store = await openDuckdbStore({
    dataDirectory: dataDir,
    deadLetters: await DeadLetters.open(join(dataDir, 'quarantine')),
    definitions: () => [],
    retention: { maxAgeMs: forever, maxBytes: forever },
  });
  const began = performance.now();
  const cpu = process.cpuUsage();
  await store.retain(Date.now());
  const took = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { spans } = await store.reader.storage(AbortSignal.timeout(60_000));
  await store.close();
  const after = await bytesOf(dataDir);
  if (after === before) return;
  figure('sealing', took.toFixed(0), `s, ${(((user + system) / spans) * 1).toFixed(2)} µs of CPU a span`);
  figure('on disk before / after', `${(before / spans).toFixed(0)} / ${(after / spans).toFixed(0)}`, 'B a span');
}

async function bytesOf(dataDir) {
  const directory = join(dataDir, 'slices');
  const sizes = await Promise.all((await readdir(directory)).map((file) => stat(join(directory, file))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
