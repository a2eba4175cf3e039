import { ingestConfig } from '../../../src/ingest/ingest-config.js';
import { runIngest } from '../../../src/ingest/run-ingest.js';

/** The intake as a process of its own over the folder given; ends on SIGTERM. */
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const [dataDir, port] = process.argv.slice(2);
const running = await runIngest(ingestConfig.parse({ otlp_port: Number(port ?? 0) }), {
  dataDir: dataDir!,
  logger: { info: console.error, warn: console.error, error: console.error },
  signal: stop.signal,
});
console.log(`listening on ${running.port}`);
await running.stopped;
