import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IngestConfig, ingestConfig } from '../../../src/ingest/ingest-config.js';
import { logDirectory, type RunningIngest, runIngest } from '../../../src/ingest/run-ingest.js';
import { FileLogReader } from '../../../src/log/file-log-reader.js';
import type { LogPosition, LogRecord } from '../../../src/log/log-record.js';

export interface TestIngest extends RunningIngest {
  url: string;
  dataDir: string;
  /** Everything in the log. */
  records(): Promise<LogRecord[]>;
  stop(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined, error: (line: unknown) => console.error(line) };

/** The real intake on a free port over a new folder. */
export async function startIngest(config: Partial<Record<keyof IngestConfig, unknown>> = {}): Promise<TestIngest> {
  const dataDir = await mkdtemp(join(tmpdir(), 'orrery-ingest-'));
  const stop = new AbortController();
  const running = await runIngest(ingestConfig.parse({ otlp_port: 0, ...config }), {
    dataDir,
    logger: silent,
    signal: stop.signal,
  });
  return {
    ...running,
    url: `http://127.0.0.1:${running.port}`,
    dataDir,
    records: () => readLog(logDirectory(dataDir)),
    async stop() {
      stop.abort();
      await running.stopped;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Every record of a log up to its present end. */
export async function readLog(directory: string): Promise<LogRecord[]> {
  const reader = new FileLogReader({ directory, pollMs: 5, warn: () => undefined });
  const end = await reader.end();
  const records: LogRecord[] = [];
  if (end > 0) {
    const options = { maxBytes: 1 << 20, signal: new AbortController().signal };
    for await (const batch of reader.tail(0 as LogPosition, options)) {
      records.push(...batch);
      if (records.at(-1)!.next >= end) break;
    }
  }
  await reader.close();
  return records;
}
