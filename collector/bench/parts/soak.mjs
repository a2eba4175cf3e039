import { readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { runLoad } from '../load/run-load.mjs';
import { figure, thousands } from './figure.mjs';
import { onCollector, SIGNALS, storedAll, warmUp } from './on-collector.mjs';
import { totalOf } from './processes.mjs';
import { median } from './rounds.mjs';
import { slopePerMinute } from './slope.mjs';

export const name = 'soak';
export const about = 'weeks in minutes: slices of a minute, the oldest dropped by size, all signals at once';

const SECONDS = 360;
const EVERY_MS = 2000;
const RATES = { traces: 15_000, logs: 5000, metrics: 5000 };
const QUICK_SLICES = { ORRERY_DUCKDB__SLICE_MINUTES: '1', ORRERY_DUCKDB__RETENTION_BYTES: '150000000' };

/** Memory, descriptors, files, bytes and lag once slices come and go: none may grow. */
export async function run({ asked }) {
  const seconds = asked.seconds ?? SECONDS;
  await onCollector(async (collector, dataDir) => {
    await warmUp(collector, { connections: 4 });
    const samples = [];
    let sending = true;
    const watch = (async () => {
      while (sending) {
        samples.push(await sample(collector, dataDir));
        await wait(EVERY_MS);
      }
    })();
    const loads = await Promise.all(
      Object.keys(SIGNALS).map((signal) =>
        runLoad({
          port: collector.otlpPort,
          connections: 2,
          seconds,
          signal,
          itemsPerSecond: RATES[signal],
          items: 512,
        }),
      ),
    );
    sending = false;
    await watch;
    await storedAll(collector);
    const total = loads.reduce((sum, { items, seconds: took }) => sum + items / took, 0);
    figure('acknowledged', thousands(total), `items/s for ${seconds} s`);
    figure('refused', String(loads.reduce((sum, { refused }) => sum + refused, 0)), 'requests');
    for (const key of Object.keys(samples[0]))
      curve(
        key,
        samples.map((each) => each[key]),
      );
  }, QUICK_SLICES);
}

async function sample(collector, dataDir) {
  const { rss, descriptors } = totalOf(collector.processes());
  const { log, storage } = await collector.ask('/status');
  const files = await readdir(dataDir, { recursive: true });
  return {
    'memory, MB': rss / 1e6,
    descriptors,
    files: files.length,
    slices: storage.slices,
    'slices, MB': storage.bytes / 1e6,
    'log, MB': log.bytes / 1e6,
    'behind, ms': log.lag_ms,
  };
}

function curve(label, values) {
  const sorted = [...values].sort((a, b) => a - b);
  const text = [sorted[0], median(sorted), sorted.at(-1)].map((value) => value.toFixed(0)).join(' / ');
  const slope = slopePerMinute(values.slice(values.length >> 1), EVERY_MS);
  figure(label, text, `least / median / most; ${slope >= 0 ? '+' : ''}${slope.toFixed(1)} a minute in the second half`);
}
