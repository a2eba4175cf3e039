import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLoad } from '../load/run-load.mjs';
import { figure, thousands } from './figure.mjs';

export const name = 'ingest';
export const about =
  'the intake process alone: HTTP, gunzip, decode, redaction, log, fdatasync, 200; load client beside it';

const program = fileURLToPath(new URL('ingest-process.mjs', import.meta.url));

/** Acknowledged spans a second and per CPU-second of the intake. */
export async function run({ seconds, connections }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'orrery-bench-'));
  const child = fork(program, [dataDir]);
  try {
    const [{ port }] = await once(child, 'message');
    await runLoad({ port, seconds: 1, connections });
    const before = await ask(child);
    const load = await runLoad({ port, seconds, connections });
    const after = await ask(child);
    const spans = after.spans - before.spans;
    const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
    figure('acknowledged', thousands(load.items / load.seconds), 'spans/s');
    figure('per CPU-second of the intake', thousands(spans / cpuSeconds), 'spans/cpu-s');
    figure('CPU of the intake', ((cpuSeconds / spans) * 1e6).toFixed(2), 'µs a span');
    figure('acknowledgement p50 / p99', `${load.p50Ms?.toFixed(0)} / ${load.p99Ms?.toFixed(0)}`, 'ms');
    figure('log', ((after.logBytes - before.logBytes) / spans).toFixed(0), 'B a span');
    figure('requests a sync', ((after.records - before.records) / (after.syncs - before.syncs)).toFixed(1), '');
    figure('memory of the intake', (after.rss / 1e6).toFixed(0), 'MB RSS');
    figure('refused', String(load.refused), 'requests');
  } finally {
    child.send('stop');
    await once(child, 'exit');
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function ask(child) {
  child.send('figures');
  const [figures] = await once(child, 'message');
  return figures;
}
