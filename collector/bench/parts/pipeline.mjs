import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runLoad } from '../load/run-load.mjs';
import { figure, thousands } from './figure.mjs';

export const name = 'pipeline';
export const about =
  'load client, intake and DuckDB store on the same machine, until every acknowledged span can be asked for';

const ingestProgram = fileURLToPath(new URL('ingest-process.mjs', import.meta.url));
const storeProgram = fileURLToPath(new URL('store-process.mjs', import.meta.url));
/** Spans a second that are offered steadily, after the run at full speed. */
const SUSTAINED = 60_000;
/** How much longer than the load the store may take before the run counts as failed. */
const CATCH_UP_MS = 120_000;

/** Spans a second from the first request to the moment all of them are in DuckDB. */
export async function run({ seconds, connections }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'orrery-bench-'));
  const children = [];
  const start = async (program) => {
    const child = fork(program, [dataDir]);
    children.push(child);
    const [hello] = await once(child, 'message');
    return { child, hello };
  };
  try {
    const ingest = await start(ingestProgram);
    const store = await start(storeProgram);
    await runLoad({ port: ingest.hello.port, seconds: 1, connections });
    const warm = await caughtUp(store.child, (await ask(ingest.child)).spans);
    const ingestBefore = await ask(ingest.child);
    const started = performance.now();
    const load = await runLoad({ port: ingest.hello.port, seconds, connections });
    const ingestAfter = await ask(ingest.child);
    const atEnd = await ask(store.child);
    const done = await caughtUp(store.child, ingestAfter.spans);
    const elapsed = (performance.now() - started) / 1000;
    const spans = ingestAfter.spans - ingestBefore.spans;
    const cpuSeconds = ingestAfter.cpuSeconds - ingestBefore.cpuSeconds + done.cpuSeconds - warm.cpuSeconds;
    figure('acknowledged', thousands(load.spans / load.seconds), 'spans/s');
    figure('durable and queryable', thousands(spans / elapsed), 'spans/s');
    figure('both processes', thousands(spans / cpuSeconds), 'spans/cpu-s');
    figure('store alone', thousands(spans / (done.cpuSeconds - warm.cpuSeconds)), 'spans/cpu-s');
    figure('behind when the load ended', thousands(ingestAfter.spans - atEnd.spans), 'spans');
    figure('acknowledgement p50 / p99', `${load.p50Ms?.toFixed(0)} / ${load.p99Ms?.toFixed(0)}`, 'ms');
    figure('on disk', (done.bytes / done.spans).toFixed(0), 'B a span');
    figure('memory of the store', (done.rss / 1e6).toFixed(0), 'MB RSS');
    figure(
      'stored = acknowledged',
      done.spans === ingestAfter.spans ? 'yes' : `${done.spans} of ${ingestAfter.spans}`,
      '',
    );
    await sustained({ ingest: ingest.child, store: store.child, port: ingest.hello.port, seconds, connections });
  } finally {
    for (const child of children) {
      if (child.exitCode !== null) continue;
      child.send('stop');
      await once(child, 'exit');
    }
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What the store can follow for as long as one likes: it is behind by a commit or two, and no further. */
async function sustained({ ingest, store, port, seconds, connections }) {
  const before = await ask(store);
  const load = await runLoad({ port, seconds, connections, spansPerSecond: SUSTAINED });
  const [taken, atEnd] = await Promise.all([ask(ingest), ask(store)]);
  figure(`offered ${thousands(SUSTAINED)}: acknowledged`, thousands(load.spans / load.seconds), 'spans/s');
  figure('  stored meanwhile', thousands((atEnd.spans - before.spans) / load.seconds), 'spans/s');
  figure('  behind at the end', ((taken.spans - atEnd.spans) / SUSTAINED).toFixed(2), 's');
  figure('  acknowledgement p50 / p99', `${load.p50Ms?.toFixed(0)} / ${load.p99Ms?.toFixed(0)}`, 'ms');
  figure('  store busy', ((atEnd.cpuSeconds - before.cpuSeconds) / load.seconds).toFixed(2), 'cores');
}

/** The store's figures once it has `spans`, or as they are when it takes too long. */
async function caughtUp(store, spans) {
  const until = performance.now() + CATCH_UP_MS;
  for (;;) {
    const figures = await ask(store);
    if (figures.spans >= spans || performance.now() > until) return figures;
    await wait(100);
  }
}

async function ask(child) {
  child.send('figures');
  const [figures] = await once(child, 'message');
  return figures;
}
