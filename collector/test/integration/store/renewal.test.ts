import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Step } from '../../../src/self/step-trace.js';
import type { DuckdbStore } from '../../../src/store/duckdb/open-duckdb-store.js';
import type { TelemetryReader } from '../../../src/store/store.js';
import { LINES, openRenewing, RECEIVED_MS, renewalRecords, WRITES } from './renewal-program.js';

const program = fileURLToPath(new URL('renewal-program.ts', import.meta.url));
const { signal } = new AbortController();

let folder = '';
let store: DuckdbStore | null = null;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'orrery-renewal-'));
});
afterEach(async () => {
  await store?.close();
  store = null;
  await rm(folder, { recursive: true, force: true });
});

async function countOfLines(reader: TelemetryReader): Promise<number> {
  const range = { from_ms: RECEIVED_MS - 1000, to_ms: RECEIVED_MS + 1000 };
  const question = { range, nowMs: RECEIVED_MS, environment: '', filter: { kind: 'all' as const }, step_ms: 0 };
  const { groups } = await reader.aggregate(
    { ...question, signal: 'logs', synthetic: 'include', measures: [{ op: 'count' }], group_by: [], limit: 1 },
    signal,
  );
  return groups[0]?.values[0] ?? 0;
}

async function counted({ reader }: DuckdbStore) {
  const { logs } = await reader.storage(signal);
  const lines = [];
  for (let write = 0; write < WRITES; write++) {
    const answer = await reader.traceLogs((write + 1).toString(16).padStart(32, 'b'), signal);
    lines.push(answer.logs.length);
  }
  return { logs, lines };
}
const everything = { logs: LINES * WRITES, lines: Array.from({ length: WRITES }, () => LINES) };

describe('a busy slice that is attached anew', () => {
  it('holds everything once, and questions are answered all the while', async () => {
    const steps: Step[] = [];
    store = await openRenewing(folder, (step) => steps.push(step));
    const { reader, writer } = store;
    let isWriting = true;
    const asked = [1, 2].map(async () => {
      let most = 0;
      while (isWriting) {
        const lines = await countOfLines(reader);
        expect(lines).toBeGreaterThanOrEqual(most);
        most = lines;
        // An answer out of an empty store takes no turn of its own.
        await nextTurn();
      }
      return most;
    });
    const records = renewalRecords();
    for (const record of records.slice(0, -2)) await writer.write([record], signal);
    isWriting = false;
    for (const most of await Promise.all(asked)) expect(most % LINES).toBe(0);
    // DuckDB makes no checkpoint while a question reads: now there is none.
    for (const record of records.slice(-2)) await writer.write([record], signal);
    expect(steps.filter((step) => step === 'store.renewed').length).toBeGreaterThan(0);
    expect(await counted(store)).toEqual(everything);
  });

  it.each(['store.detached', 'store.renewed'] as const)('holds everything once when killed at %s', async (step) => {
    const { signal: killedBy, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program, folder, step, '2'], {
      encoding: 'utf8',
    });
    expect(killedBy, stderr).toBe('SIGKILL');
    store = await openRenewing(folder, () => undefined);
    const cursor = await store.writer.cursor();
    const records = renewalRecords();
    expect(cursor).toBeGreaterThan(0);
    expect(cursor).toBeLessThan(records.at(-1)?.next ?? 0);
    // As the tail does, and some that are stored already.
    for (const record of records) await store.writer.write([record], signal);
    expect(await counted(store)).toEqual(everything);
  });
});
