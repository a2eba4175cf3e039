import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Step } from '../../../src/self/step-trace.js';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { type DuckdbStore, openDuckdbStore } from '../../../src/store/duckdb/open-duckdb-store.js';
import { LogOfRecords } from '../../fixtures/log-of-records.js';

export const WRITES = 6;
export const LINES = 300;
export const RECEIVED_MS = Date.UTC(2026, 4, 5, 10);
/** DuckDB brings its log into the file at 4 MB: each write is more than that. */
const LINE_BYTES = 16_000;

/** The same positions, times and ids at each call. A record is a write. */
export function renewalRecords() {
  const log = new LogOfRecords(RECEIVED_MS);
  for (let write = 0; write < WRITES; write++) {
    const lines = Array.from({ length: LINES }, (_, line) => ({
      timeNano: BigInt(RECEIVED_MS + write) * 1_000_000n + BigInt(line),
      traceId: (write + 1).toString(16).padStart(32, 'b'),
      body: randomBytes(LINE_BYTES / 2).toString('hex'),
    }));
    log.logs({ 'service.name': 'lighthouse' }, lines);
  }
  return log.records;
}

/** A store that attaches its newest slice anew at every checkpoint. */
export async function openRenewing(dataDirectory: string, steps: (step: Step) => void): Promise<DuckdbStore> {
  return await openDuckdbStore({
    dataDirectory,
    renewedAfter: 1,
    deadLetters: await DeadLetters.open(path.join(dataDirectory, 'quarantine')),
    definitions: () => [],
    steps,
    warn: console.error,
  });
}

/** Writes all into the folder given, and kills itself with SIGKILL right after a step, the nth time. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, killedAt, times] = process.argv.slice(2) as [string, string, string];
  let left = Number(times);
  const store = await openRenewing(folder, (step) => {
    if (step === killedAt && --left === 0) process.kill(process.pid, 'SIGKILL');
  });
  const { signal } = new AbortController();
  for (const record of renewalRecords()) await store.writer.write([record], signal);
  await store.close();
}
