import { setTimeout as wait } from 'node:timers/promises';
import { runLoad } from '../load/run-load.mjs';
import { behind, onCollector, SIGNALS, storedAll, warmUp } from './on-collector.mjs';
import { totalOf } from './processes.mjs';
import { median, Rounds } from './rounds.mjs';
import { slopePerMinute } from './slope.mjs';

export const name = 'steady';
export const about =
  'the whole program at a steady rate (--rate); --seconds 600 shows minute by minute what it needs for good';

const ITEMS_PER_SECOND = 50_000;
const SECONDS = 30;
/** From here on a run shows how memory goes on, and one is enough. */
const LONG_SECONDS = 180;
const EVERY_MS = 1000;
const PER_MINUTE = 60_000 / EVERY_MS;

/** Per signal: memory over time, lag, acknowledgements and CPU while as much comes as it can follow. */
export async function run({ asked, connections }) {
  const rate = asked.rate ?? ITEMS_PER_SECOND;
  const seconds = asked.seconds ?? SECONDS;
  const isLong = seconds >= LONG_SECONDS;
  const signals = asked.signal ? [asked.signal] : isLong ? ['traces'] : Object.keys(SIGNALS);
  for (const signal of signals) {
    console.log(`\n  ${signal}: ${rate} ${SIGNALS[signal].items}/s for ${seconds} s`);
    const rounds = new Rounds();
    for (let round = 0; round < (asked.rounds ?? (isLong ? 1 : 3)); round++) {
      await onCollector((collector) => measure(collector, { signal, rate, seconds, connections, isLong }, rounds));
    }
    rounds.print();
  }
}

async function measure(collector, { signal, rate, seconds, connections, isLong }, rounds) {
  const load = { signal, connections, itemsPerSecond: rate };
  const { items } = SIGNALS[signal];
  await warmUp(collector, load);
  const before = collector.processes();
  const samples = [];
  let sending = true;
  const watch = (async () => {
    while (sending) {
      const processes = collector.processes();
      samples.push({ processes, rss: totalOf(processes).rss, late: behind(await collector.ask('/status')) });
      await wait(EVERY_MS);
    }
  })();
  const sent = await runLoad({ port: collector.otlpPort, ...load, seconds });
  sending = false;
  await watch;
  const after = collector.processes();
  const status = await storedAll(collector);
  const all = collector.processes();
  if (isLong) minutes(samples, rate);
  const lag = samples.map(({ late }) => late / rate).sort((a, b) => a - b);
  const used = totalOf(all).cpuSeconds - totalOf(before).cpuSeconds;
  rounds.add('acknowledged', sent.items / sent.seconds, `${items}/s`);
  rounds.add('acknowledgement p50', sent.p50Ms, 'ms', 1);
  rounds.add('acknowledgement p99', sent.p99Ms, 'ms', 1);
  rounds.add('behind, median', median(lag), 's', 2);
  rounds.add('behind, most', lag.at(-1), 's', 2);
  rounds.add(
    'busy, all processes',
    (totalOf(after).cpuSeconds - totalOf(before).cpuSeconds) / sent.seconds,
    'cores',
    2,
  );
  rounds.add('per CPU-second of all processes', sent.items / used, `${items}/cpu-s`);
  for (const [index, { role, cpuSeconds }] of all.entries()) {
    rounds.add(`  CPU of ${role}`, ((cpuSeconds - before[index].cpuSeconds) / sent.items) * 1e6, 'µs each', 2);
  }
  memory(rounds, 'all processes', samples, ({ rss }) => rss);
  for (const { role } of after) memory(rounds, `  ${role}`, samples, (sample) => rssOf(sample, role));
  rounds.add('refused', sent.refused, 'requests');
  rounds.add('acknowledged and not stored', behind(status), items);
}

/** How much at a time, and how it grew over the second half. */
function memory(rounds, label, samples, bytesOf) {
  const megabytes = samples.map((sample) => bytesOf(sample) / 1e6);
  const sorted = megabytes.toSorted((a, b) => a - b);
  rounds.add(`memory of ${label}, median`, median(sorted), 'MB RSS');
  rounds.add(`memory of ${label}, most`, sorted.at(-1), 'MB RSS');
  const slope = slopePerMinute(megabytes.slice(megabytes.length >> 1), EVERY_MS);
  rounds.add(`memory of ${label}, slope of the second half`, slope, 'MB a minute', 1);
}

/** A line a minute: the median of each process, the most of all, and how far the store was behind at most. */
function minutes(samples, rate) {
  const roles = samples[0].processes.map(({ role }) => role);
  const cells = (values) => `  ${values.map((value) => String(value).padStart(11)).join('')}`;
  console.log(cells(['minute', 'all, MB', 'most, MB', ...roles, 'behind, s']));
  for (let at = 0; at < samples.length; at += PER_MINUTE) {
    const some = samples.slice(at, at + PER_MINUTE);
    if (some.length < PER_MINUTE / 2) break;
    const all = some.map(({ rss }) => rss).sort((a, b) => a - b);
    const each = roles.map((role) => median(some.map((sample) => rssOf(sample, role)).sort((a, b) => a - b)));
    const late = Math.max(...some.map((sample) => sample.late)) / rate;
    const megabytes = [median(all), all.at(-1), ...each].map((bytes) => (bytes / 1e6).toFixed(0));
    console.log(cells([at / PER_MINUTE + 1, ...megabytes, late.toFixed(2)]));
  }
}

function rssOf({ processes }, role) {
  return processes.find((process) => process.role === role)?.rss ?? 0;
}
