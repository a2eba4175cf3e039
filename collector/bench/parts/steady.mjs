import { setTimeout as wait } from 'node:timers/promises';
import { runLoad } from '../load/run-load.mjs';
import { figure, thousands } from './figure.mjs';
import { behind, onCollector, storedAll, warmUp } from './on-collector.mjs';
import { totalOf } from './processes.mjs';
import { median } from './rounds.mjs';
import { slopePerMinute } from './slope.mjs';

export const name = 'steady';
export const about = 'the whole program at a steady rate (--rate, --seconds; 600 of them say what it needs for good)';

const SPANS_PER_SECOND = 50_000;
const SECONDS = 120;
const EVERY_MS = 1000;

/** Memory over time, lag, acknowledgements and CPU while as much comes as it can follow. */
export async function run({ asked, connections }) {
  const rate = asked.rate ?? SPANS_PER_SECOND;
  const seconds = asked.seconds ?? SECONDS;
  await onCollector(async (collector) => {
    await warmUp(collector, { connections, itemsPerSecond: rate });
    const before = collector.processes();
    const samples = [];
    let sending = true;
    const watch = (async () => {
      while (sending) {
        samples.push({ processes: collector.processes(), late: behind(await collector.ask('/status')) });
        await wait(EVERY_MS);
      }
    })();
    const load = await runLoad({ port: collector.otlpPort, connections, seconds, itemsPerSecond: rate });
    sending = false;
    await watch;
    const after = collector.processes();
    const status = await storedAll(collector);
    figure('offered', thousands(rate), `spans/s for ${seconds} s`);
    figure('acknowledged', thousands(load.items / load.seconds), 'spans/s');
    figure('acknowledgement p50 / p99', `${load.p50Ms.toFixed(0)} / ${load.p99Ms.toFixed(0)}`, 'ms');
    const lag = samples.map(({ late }) => late / rate).sort((a, b) => a - b);
    figure('behind: median / most', `${median(lag).toFixed(2)} / ${lag.at(-1).toFixed(2)}`, 's');
    const used = totalOf(after).cpuSeconds - totalOf(before).cpuSeconds;
    figure('busy, all processes', (used / load.seconds).toFixed(2), 'cores');
    curve('memory of all processes', samples, (sample) => totalOf(sample.processes).rss);
    for (const { role } of after) {
      curve(`  ${role}`, samples, ({ processes }) => processes.find((process) => process.role === role)?.rss ?? 0);
    }
    figure('refused', String(load.refused), 'requests');
    figure('acknowledged and not stored', String(behind(status)), 'spans');
  });
}

/** Least, median and most, and how it grew over the second half. */
function curve(label, samples, bytesOf) {
  const megabytes = samples.map((sample) => bytesOf(sample) / 1e6);
  const sorted = [...megabytes].sort((a, b) => a - b);
  const text = [sorted[0], median(sorted), sorted.at(-1)].map((value) => value.toFixed(0)).join(' / ');
  const slope = slopePerMinute(megabytes.slice(megabytes.length >> 1), EVERY_MS);
  figure(label, text, `MB RSS, least / median / most; ${slope >= 0 ? '+' : ''}${slope.toFixed(1)} MB a minute`);
}
