import { logDirectory } from '../../dist/ingest/run-ingest.js';
import { runStore } from '../../dist/store/tail/run-store.js';

/** The store in a process of its own over the data directory given, with its figures for the benchmark. */
const dataDir = process.argv[2];
const store = await runStore(
  {
    dataDirectory: dataDir,
    logDirectory: logDirectory(dataDir),
    sliceMs: 3_600_000,
    memoryBytes: 1e9,
    threads: 2,
    retentionMs: 0,
    retentionBytes: 0,
  },
  { definitions: () => [], info: () => undefined, warn: console.error },
);
let ending = () => {};
const ended = new Promise((resolve) => {
  ending = resolve;
});
process.on('message', (message) => {
  if (message === 'stop') ending();
  else void figures().then((answer) => process.send(answer));
});
process.send({ ready: true });
await ended;
await store.stop();
process.disconnect();

async function figures() {
  const { spans, bytes } = await store.reader.storage(AbortSignal.timeout(30_000));
  const { user, system } = process.cpuUsage();
  return { spans, bytes, ...(await store.health()), cpuSeconds: (user + system) / 1e6, rss: process.memoryUsage().rss };
}
