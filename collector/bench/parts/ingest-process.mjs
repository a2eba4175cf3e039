import { ingestConfig } from '../../dist/ingest/ingest-config.js';
import { runIngest } from '../../dist/ingest/run-ingest.js';

/** The intake in a process of its own, with its figures for the benchmark that forked it. */
const stop = new AbortController();
const running = await runIngest(ingestConfig.parse({ otlp_port: 0, log: { min_free_bytes: 0 } }), {
  dataDir: process.argv[2],
  logger: { info: () => undefined, warn: console.error, error: console.error },
  signal: stop.signal,
});
process.on('message', (message) => {
  if (message === 'stop') stop.abort();
  else process.send(figures());
});
process.send({ port: running.port });
await running.stopped;
process.disconnect();

function figures() {
  const { user, system } = process.cpuUsage();
  const { items, log } = running.figures();
  return {
    cpuSeconds: (user + system) / 1e6,
    rss: process.memoryUsage().rss,
    spans: items.spans,
    logBytes: log.end,
    records: log.records,
    syncs: log.syncs,
  };
}
