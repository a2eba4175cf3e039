import { runLoad } from '../load/run-load.mjs';
import { behind, onCollector, SIGNALS, storedAll, warmUp } from './on-collector.mjs';
import { totalOf } from './processes.mjs';
import { Rounds } from './rounds.mjs';

export const name = 'small';
export const about =
  'the whole program under requests as SDKs send them, uncompressed: acknowledged durably, then stored';

const KINDS = [
  { label: 'one a request, 200 connections', load: { items: 1, connections: 200, gzip: false } },
  { label: "512 a request as SDKs' defaults are, 20 connections", load: { items: 512, connections: 20, gzip: false } },
];

/** Per signal: requests a second, what each costs, and how long each takes. */
export async function run({ asked }) {
  for (const signal of asked.signal ? [asked.signal] : Object.keys(SIGNALS)) {
    for (const { label, load } of KINDS) {
      console.log(`\n  ${signal}: ${label}`);
      const rounds = new Rounds();
      for (let round = 0; round < (asked.rounds ?? 3); round++) {
        await onCollector((collector) => measure(collector, { ...load, signal }, asked.seconds ?? 8, rounds));
      }
      rounds.print();
    }
  }
}

async function measure(collector, load, seconds, rounds) {
  await warmUp(collector, load);
  const before = totalOf(collector.processes()).cpuSeconds;
  const began = performance.now();
  const sent = await runLoad({ port: collector.otlpPort, ...load, seconds });
  const late = behind(await collector.ask('/status'));
  const { rss } = totalOf(collector.processes());
  const status = await storedAll(collector);
  const took = (performance.now() - began) / 1000;
  const { items } = SIGNALS[load.signal];
  const used = totalOf(collector.processes()).cpuSeconds - before;
  rounds.add('acknowledged', sent.requests / sent.seconds, 'requests/s');
  rounds.add('stored', sent.items / took, `${items}/s`);
  rounds.add('CPU of all processes', (used / sent.requests) * 1e6, 'µs a request');
  rounds.add('acknowledgement p50', sent.p50Ms, 'ms', 1);
  rounds.add('acknowledgement p99', sent.p99Ms, 'ms', 1);
  rounds.add('behind when the load ended', late, items);
  rounds.add('memory of all processes', rss / 1e6, 'MB RSS');
  rounds.add('refused', sent.refused, 'requests');
  rounds.add('acknowledged and not stored', behind(status), items);
}
