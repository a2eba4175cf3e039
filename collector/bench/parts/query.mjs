import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createStoreClient } from '../../dist/store/tail/store-client.js';
import { storeSocket } from '../../dist/store/tail/store-socket.js';
import { fillSlices } from '../load/fill-slices.mjs';
import { runLoad } from '../load/run-load.mjs';
import { figure, millions } from './figure.mjs';
import { questionsOf } from './query-questions.mjs';
import { median } from './rounds.mjs';
import { sealAll } from './seal-all.mjs';
import { startCollector } from './start-collector.mjs';

export const name = 'query';
export const about =
  'millions of spans in dozens of slices: what people ask all day, through the api process and of the store alone';

const storeProgram = fileURLToPath(new URL('store-process.mjs', import.meta.url));
const LOAD_PER_SECOND = 20_000;
const PASSES = 3;
/** Of each question in a pass, when it is not said. */
const ROUNDS = 30;

/** `dir` is a folder to use again, filled the first time; without it everything is made and removed. */
export async function run({ dir, spans, slices, asked: { rounds = ROUNDS }, unsealed }) {
  const dataDir = dir ?? (await mkdtemp(join(tmpdir(), 'orrery-query-')));
  await mkdir(dataDir, { recursive: true });
  try {
    const load = await filled(dataDir, { spans, slices });
    if (!unsealed) await sealAll(dataDir);
    const began = performance.now();
    const collector = await startCollector(dataDir);
    const client = createStoreClient(storeSocket(dataDir));
    try {
      figure('collector ready after', (performance.now() - began).toFixed(0), 'ms');
      const figures = await client.reader.storage(AbortSignal.timeout(60_000));
      figure('spans / logs', `${millions(figures.spans)} / ${millions(figures.logs)}`, `in ${figures.slices} slices`);
      figure('on disk', (figures.bytes / figures.spans).toFixed(0), 'B a span, logs and figures included');
      const questions = questionsOf(load);
      await collector.warmUp();
      console.log(`  ${'p50 / p95 in ms'.padEnd(52)} ${'over HTTP'.padStart(34)} ${'store alone'.padStart(34)}`);
      await measure(questions, { collector, client, rounds });
      figure('memory of the store', collector.storeMegabytes(), 'MB RSS');
      console.log(`  the same while ${LOAD_PER_SECOND / 1000} k spans/s come in`);
      const stop = new AbortController();
      const coming = keepComing(collector.otlpPort, stop.signal);
      await measure(questionsOf(load), { collector, client, rounds });
      stop.abort();
      const { spans: sent, seconds } = await coming;
      figure('came in meanwhile', (sent / seconds / 1000).toFixed(1), 'k spans/s');
      figure('memory of the store', collector.storeMegabytes(), 'MB RSS');
    } finally {
      client.close();
      await collector.stop();
    }
  } finally {
    if (!dir) await rm(dataDir, { recursive: true, force: true });
  }
}

async function filled(dataDir, { spans, slices }) {
  const file = join(dataDir, 'load.json');
  if (!existsSync(file)) {
    const child = fork(storeProgram, [dataDir]);
    await once(child, 'message');
    const began = performance.now();
    await fillSlices(dataDir, {
      spans,
      slices,
      progress: (slice, stored) => {
        const seconds = (performance.now() - began) / 1000;
        if (slice % 12 === 0)
          console.log(`  … ${slice} slices, ${millions(stored)} spans after ${seconds.toFixed(0)} s`);
      },
    });
    child.send('stop');
    await once(child, 'exit');
  }
  return JSON.parse(await readFile(file, 'utf8'));
}

async function keepComing(port, signal) {
  const total = { spans: 0, seconds: 0 };
  while (!signal.aborted) {
    const { items: spans, seconds } = await runLoad({
      port,
      seconds: 5,
      connections: 4,
      itemsPerSecond: LOAD_PER_SECOND,
    });
    total.spans += spans;
    total.seconds += seconds;
  }
  return total;
}

/** Every question `rounds` times in each of {@link PASSES} passes; a figure is the median of the passes, with its spread. */
async function measure(questions, { collector, client, rounds }) {
  const passes = questions.map(() => ({ http: [], alone: [] }));
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [at, { overHttp, ofStore }] of questions.entries()) {
      const http = [];
      const alone = [];
      for (let count = 0; count < rounds; count++) {
        const round = pass * rounds + count;
        http.push(await timed(() => overHttp(collector.ask, round)));
        if (ofStore) alone.push(await timed(() => ofStore(client.reader, round)));
      }
      passes[at].http.push(http);
      passes[at].alone.push(alone);
    }
  }
  for (const [at, { label, ofStore }] of questions.entries()) {
    const alone = ofStore ? quantiles(passes[at].alone) : '';
    console.log(`  ${label.padEnd(52)} ${quantiles(passes[at].http).padStart(34)} ${alone.padStart(34)}`);
  }
}

async function timed(question) {
  const began = performance.now();
  await question();
  return performance.now() - began;
}

/** Medians over passes of p50 and p95, each with the least and the most of a pass. */
function quantiles(passes) {
  return [0.5, 0.95]
    .map((q) => {
      const values = passes.map((tookMs) => at(tookMs, q)).toSorted((a, b) => a - b);
      return `${median(values).toFixed(1)} (${values[0].toFixed(1)}–${values.at(-1).toFixed(1)})`;
    })
    .join(' / ');
}

function at(tookMs, q) {
  return tookMs.toSorted((a, b) => a - b)[Math.min(tookMs.length - 1, Math.floor(tookMs.length * q))];
}
