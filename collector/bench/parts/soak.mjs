import { readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { runLoad } from '../load/run-load.mjs';
import { figure, thousands } from './figure.mjs';
import { onCollector, warmUp } from './on-collector.mjs';
import { totalOf } from './processes.mjs';
import { median } from './rounds.mjs';
import { slopePerMinute } from './slope.mjs';

export const name = 'soak';
export const about = 'weeks in minutes: slices of a minute are sealed, the oldest dropped by size, all signals at once';

const SECONDS = 360;
const EVERY_MS = 2000;
const CATCH_UP_MS = 180_000;
const ITEMS_PER_SECOND = 25_000;
const SHARES = { traces: 0.6, logs: 0.2, metrics: 0.2 };
const QUICK_SLICES = { ORRERY_DUCKDB__SLICE_MINUTES: '1', ORRERY_DUCKDB__RETENTION_BYTES: '100000000' };
/** Slices come and go by the minute: only minutes as a whole can be compared. */
const PER_MINUTE = 60_000 / EVERY_MS;
/** What the last minute may be above the middle one without being called growth. */
const TOLERANCE = 1.1;

/** Memory, descriptors, files, bytes and lag once slices come and go: none may grow. */
export async function run({ asked }) {
  const seconds = asked.seconds ?? SECONDS;
  const rate = asked.rate ?? ITEMS_PER_SECOND;
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
      Object.entries(SHARES).map(([signal, share]) =>
        runLoad({
          port: collector.otlpPort,
          connections: 2,
          seconds,
          signal,
          itemsPerSecond: rate * share,
          items: 512,
        }),
      ),
    );
    sending = false;
    await watch;
    const status = await followed(collector);
    const total = loads.reduce((sum, { items, seconds: took }) => sum + items / took, 0);
    figure('acknowledged', thousands(total), `items/s for ${seconds} s`);
    figure('refused', String(loads.reduce((sum, { refused }) => sum + refused, 0)), 'requests');
    figure('acknowledged and not stored', String(status.log.lag_bytes), 'bytes of the log');
    for (const key of Object.keys(samples[0]))
      curve(
        key,
        samples.map((each) => each[key]),
      );
  }, QUICK_SLICES);
}

/** How things are once all of the log is stored: rows that retention dropped can not be counted. */
async function followed(collector) {
  const until = performance.now() + CATCH_UP_MS;
  for (;;) {
    const status = await collector.ask('/status');
    if (status.log.lag_bytes === 0 || performance.now() > until) return status;
    await wait(100);
  }
}

async function sample(collector, dataDir) {
  const processes = collector.processes();
  const { log, storage } = await collector.ask('/status');
  const files = await readdir(dataDir, { recursive: true });
  const each = processes.map(({ role, rss }) => [`  ${role}, MB`, rss / 1e6]);
  return {
    'memory, MB': totalOf(processes).rss / 1e6,
    ...Object.fromEntries(each),
    descriptors: totalOf(processes).descriptors,
    files: files.length,
    slices: storage.slices,
    'slices, MB': storage.bytes / 1e6,
    'log, MB': log.bytes / 1e6,
    'behind, ms': log.lag_ms,
  };
}

/** Least, median, most; the slope of the second half; and whether the last minute is above the one in the middle. */
function curve(label, values) {
  const inOrder = (some) => some.toSorted((a, b) => a - b);
  const sorted = inOrder(values);
  const text = [sorted[0], median(sorted), sorted.at(-1)].map((value) => value.toFixed(0)).join(' / ');
  const slope = slopePerMinute(values.slice(values.length >> 1), EVERY_MS);
  const half = values.length >> 1;
  const middle = median(inOrder(values.slice(Math.max(0, half - PER_MINUTE / 2), half + PER_MINUTE / 2)));
  const last = median(inOrder(values.slice(-PER_MINUTE)));
  const grows = last > middle * TOLERANCE + 1;
  const verdict = grows ? `GREW: ${middle.toFixed(0)} in the middle, ${last.toFixed(0)} in the end` : 'does not grow';
  const unit = `least / median / most; ${slope >= 0 ? '+' : ''}${slope.toFixed(1)} a minute in the second half; ${verdict}`;
  figure(label, text, unit);
}
