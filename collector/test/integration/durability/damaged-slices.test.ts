import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { type DuckdbStore, openDuckdbStore } from '../../../src/store/duckdb/open-duckdb-store.js';
import { LogOfRecords } from '../../fixtures/log-of-records.js';

const signal = new AbortController().signal;
const T0_MS = Date.UTC(2026, 2, 3, 9);
const LINES = ['first', 'second', 'third'];

let folder = '';
/** The files of a store that stored the lines one by one and was killed: nothing is checkpointed. */
let killed = '';
/** Size of the slice's log of changes after each line. */
const sizes: number[] = [];
let warnings: string[] = [];

const { records } = LINES.reduce(
  (log, body) => log.logs({ 'service.name': 'tide-gauge' }, [{ timeNano: BigInt(T0_MS) * 1_000_000n, body }]),
  new LogOfRecords(T0_MS),
);

async function open(directory: string): Promise<DuckdbStore> {
  warnings = [];
  return await openDuckdbStore({
    dataDirectory: directory,
    deadLetters: await DeadLetters.open(path.join(directory, 'quarantine')),
    definitions: () => [],
    warn: (sentence) => warnings.push(sentence),
  });
}

const sliceFile = (directory: string) =>
  path.join(directory, 'slices', readdirSync(path.join(directory, 'slices')).find((name) => name.endsWith('.duckdb'))!);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'orrery-damage-'));
  const live = path.join(folder, 'live');
  killed = path.join(folder, 'killed');
  const store = await open(live);
  for (const record of records) {
    await store.writer.write([record], signal);
    sizes.push(statSync(`${sliceFile(live)}.wal`).size);
  }
  cpSync(live, killed, { recursive: true });
  await store.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a store over the files as `damage` left them; how far it had stored, and the lines after a replay. */
async function afterDamage(damage: (slice: string) => void): Promise<{ cursor: number; lines: string[] }> {
  const directory = path.join(folder, 'damaged');
  rmSync(directory, { recursive: true, force: true });
  cpSync(killed, directory, { recursive: true });
  damage(sliceFile(directory));
  const store = await open(directory);
  try {
    const cursor = await store.writer.cursor();
    await store.writer.write(
      records.filter(({ position }) => position >= cursor),
      signal,
    );
    const range = { from_ms: T0_MS - 1000, to_ms: T0_MS + 1000 };
    const asked = { range, nowMs: T0_MS, environment: '', filter: { kind: 'all' as const }, order: 'asc' as const };
    const { logs } = await store.reader.logs({ ...asked, limit: 10 }, signal);
    return { cursor, lines: logs.map(({ body }) => body).sort() };
  } finally {
    await store.close();
  }
}

describe('a slice that a power cut left torn', () => {
  const places = (from: number, to: number) =>
    Array.from({ length: 12 }, (_, i) => Math.floor(from + ((to - from) * i) / 12));

  it('keeps every commit before the torn one and takes the rest from the log, wherever the file ends', async () => {
    const [, second, third] = sizes as [number, number, number];
    for (const size of places(second, third)) {
      const { cursor, lines } = await afterDamage((slice) => truncateSync(`${slice}.wal`, size));
      expect([cursor, lines], `cut at ${size}`).toEqual([records[1]?.next, ['first', 'second', 'third']]);
    }
  });

  it('does so when the bytes are there and wrong, and says how many it cut off', async () => {
    const [, second, third] = sizes as [number, number, number];
    for (const at of places(second, third)) {
      for (const fill of [0, 0x61]) {
        const { cursor, lines } = await afterDamage((slice) => {
          const bytes = readFileSync(`${slice}.wal`);
          bytes.fill(fill, at);
          writeFileSync(`${slice}.wal`, bytes);
        });
        expect([cursor, lines], `${fill} from ${at}`).toEqual([records[1]?.next, ['first', 'second', 'third']]);
      }
    }
    const { lines } = await afterDamage((slice) => {
      const bytes = readFileSync(`${slice}.wal`);
      bytes[Math.floor((second + third) / 2)]! ^= 1;
      writeFileSync(`${slice}.wal`, bytes);
    });
    expect(lines).toEqual(['first', 'second', 'third']);
    expect(warnings).toEqual([
      expect.stringMatching(/^\d+ of \d+ bytes of the latest changes to the slice .* were cut off/),
    ]);
  });

  it('is made anew when it was torn at its making', async () => {
    for (const left of [Buffer.alloc(0), Buffer.alloc(100, 1), Buffer.alloc(4096), Buffer.alloc(3 * 4096)]) {
      const { cursor, lines } = await afterDamage((slice) => {
        rmSync(`${slice}.wal`);
        writeFileSync(slice, left);
      });
      expect([cursor, lines], `${left.length} bytes`).toEqual([0, ['first', 'second', 'third']]);
      expect(warnings).toEqual([expect.stringContaining('torn while it was made')]);
    }
  });

  it('is set aside when nothing of it can be read, and the others go on', async () => {
    const { lines } = await afterDamage((slice) => {
      const other = path.join(path.dirname(slice), '2026-03-03T08-00-00.duckdb');
      writeFileSync(other, Buffer.alloc(100_000, 0x61));
    });
    expect(lines).toEqual(['first', 'second', 'third']);
    expect(warnings).toEqual([
      expect.stringMatching(/2026-03-03T08-00-00\.duckdb can not be read .* what it held is missing/s),
    ]);
  });
});
