import { runLoad } from '../load/run-load.mjs';
import { behind, onCollector, SIGNALS, storedAll, warmUp } from './on-collector.mjs';
import { totalOf } from './processes.mjs';
import { Rounds } from './rounds.mjs';

export const name = 'write';
export const about = 'the whole program as fast as it goes, 1000 items a request, until every one can be asked for';

/** Per signal: items stored a second, per CPU-second of all processes, bytes, memory, acknowledgements. */
export async function run({ asked, connections }) {
  for (const signal of asked.signal ? [asked.signal] : Object.keys(SIGNALS)) {
    console.log(`\n  ${signal}`);
    const rounds = new Rounds();
    for (let round = 0; round < (asked.rounds ?? 3); round++) {
      await onCollector((collector) =>
        flatOut(collector, signal, { seconds: asked.seconds ?? 8, connections }, rounds),
      );
    }
    rounds.print();
  }
}

async function flatOut(collector, signal, { seconds, connections }, rounds) {
  const { items, stored } = SIGNALS[signal];
  const load = { signal, connections };
  await warmUp(collector, load);
  const before = { status: await collector.ask('/status'), used: collector.processes() };
  const began = performance.now();
  const sent = await runLoad({ port: collector.otlpPort, ...load, seconds });
  const late = behind(await collector.ask('/status'));
  const processes = collector.processes();
  const status = await storedAll(collector);
  const took = (performance.now() - began) / 1000;
  const count = status.storage[stored] - before.status.storage[stored];
  const after = collector.processes();
  const cpuSeconds = totalOf(after).cpuSeconds - totalOf(before.used).cpuSeconds;
  rounds.add('stored', count / took, `${items}/s`);
  rounds.add('per CPU-second of all processes', count / cpuSeconds, `${items}/cpu-s`);
  for (const [index, { role, cpuSeconds: used }] of after.entries()) {
    rounds.add(`  CPU of ${role}`, ((used - before.used[index].cpuSeconds) / count) * 1e6, 'µs each', 2);
  }
  rounds.add('acknowledged', sent.items / sent.seconds, `${items}/s`);
  rounds.add('acknowledgement p50', sent.p50Ms, 'ms');
  rounds.add('acknowledgement p99', sent.p99Ms, 'ms');
  rounds.add('behind when the load ended', late, items);
  rounds.add('refused', sent.refused, 'requests');
  rounds.add('on disk, slice still open', status.storage.bytes / status.storage[stored], 'B each');
  rounds.add('memory of all processes', totalOf(processes).rss / 1e6, 'MB RSS');
  for (const { role, rss } of processes) rounds.add(`  ${role}`, rss / 1e6, 'MB RSS');
  rounds.add('acknowledged and not stored', behind(status), items);
}
