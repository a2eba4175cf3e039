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
import { sealAll } from './seal-all.mjs';
import { startCollector } from './start-collector.mjs';

export const name = 'query';
export const about =
  'millions of spans in dozens of slices: what people ask all day, through the api process and of the store alone';

const storeProgram = fileURLToPath(new URL('store-process.mjs', import.meta.url));
const LOAD_PER_SECOND = 20_000;

/** `dir` is a folder to use again, filled the first time; without it everything is made and removed. */
export async function run({ dir, spans, slices, rounds, unsealed }) {
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
      console.log(`  ${'p50 / p95 in ms'.padEnd(52)} ${'over HTTP'.padStart(15)} ${'store alone'.padStart(15)}`);
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

async function measure(questions, { collector, client, rounds }) {
  for (const { label, overHttp, ofStore } of questions) {
    const http = [];
    const alone = [];
    for (let round = 0; round < rounds; round++) {
      http.push(await timed(() => overHttp(collector.ask, round)));
      if (ofStore) alone.push(await timed(() => ofStore(client.reader, round)));
    }
    console.log(`  ${label.padEnd(52)} ${quantiles(http).padStart(15)} ${quantiles(alone).padStart(15)}`);
  }
}

async function timed(question) {
  const began = performance.now();
  await question();
  return performance.now() - began;
}

function quantiles(tookMs) {
  if (tookMs.length === 0) return '';
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))].toFixed(1);
  return `${at(0.5)} / ${at(0.95)}`;
}
