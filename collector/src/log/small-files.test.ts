import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { damagesOf } from '../../test/fixtures/damages.js';
import { FileLogReader } from './file-log-reader.js';
import { FileLogWriter } from './file-log-writer.js';
import { logIdentity } from './log-identity.js';
import type { LogPosition, LogRecord } from './log-record.js';
import { listSegments } from './segment.js';

const receivedNano = BigInt(Date.now()) * 1_000_000n;
const request = (text: string) =>
  ({ signal: 1, encoding: 0, receivedNano, tenant: '', body: Buffer.from(text) }) as const;

let folder = '';
/** A log as a kill left it: two records stored and deleted but for their hashes, two stored, two not. */
let killed = '';
let cursor: LogPosition;
let identity = '';

const AT_ONCE = 16;

const openWriter = (directory: string, warn: (line: string) => void = () => undefined) =>
  FileLogWriter.open({
    directory,
    maxBytes: 1 << 20,
    segmentBytes: 50,
    minFreeBytes: 0,
    dedupeMs: 600_000,
    warn,
  });

async function readFrom(directory: string, after: LogPosition): Promise<string[]> {
  const reader = new FileLogReader({ directory, pollMs: 2, warn: () => undefined });
  const end = await reader.end();
  const records: LogRecord[] = [];
  if (end > after) {
    for await (const batch of reader.tail(after, { maxBytes: 1000, signal: new AbortController().signal })) {
      records.push(...batch);
      if (records.at(-1)!.next >= end) break;
    }
  }
  await reader.close();
  return records.map(({ body }) => Buffer.from(body).toString());
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'orrery-small-'));
  killed = path.join(folder, 'killed');
  const writer = await openWriter(killed);
  identity = await logIdentity(killed);
  for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) await writer.append(request(text));
  const bases = (await listSegments(killed)).map(({ base }) => base);
  const reader = new FileLogReader({ directory: killed, pollMs: 2, warn: () => undefined });
  await reader.release(bases[2] as LogPosition);
  await vi.waitUntil(async () => (await listSegments(killed)).length === 4, { timeout: 10_000 });
  cursor = bases[4] as LogPosition;
  await reader.release(cursor);
  cpSync(killed, path.join(folder, 'copy'), { recursive: true });
  await writer.close();
  rmSync(killed, { recursive: true });
  killed = path.join(folder, 'copy');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Tries something on a log whose file `name` came back damaged, for every damage; some at a time, as syncs are slow. */
async function tryDamaged(name: string, attempt: (damaged: Damaged) => Promise<void>): Promise<void> {
  const damages = damagesOf(readFileSync(path.join(killed, name)));
  const next = async (place: number): Promise<void> => {
    for (let damage = damages.pop(); damage !== undefined; damage = damages.pop()) {
      const directory = path.join(folder, `damaged-${place}`);
      rmSync(directory, { recursive: true, force: true });
      cpSync(killed, directory, { recursive: true });
      if (damage.bytes === null) rmSync(path.join(directory, name));
      else writeFileSync(path.join(directory, name), damage.bytes);
      const lines: string[] = [];
      await attempt({ directory, what: `${name}: ${damage.what}`, lines, warn: (line) => lines.push(line) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, place) => next(place)));
}

interface Damaged {
  directory: string;
  what: string;
  lines: string[];
  warn: (line: string) => void;
}

const fileOf = (pattern: RegExp) => readdirSync(killed).find((name) => pattern.test(name))!;

describe('a small file of the log that is damaged anyhow', () => {
  it('costs nothing: the log starts, has what is not stored, knows what was sent, and goes on', async () => {
    for (const name of ['durable', 'released', 'lock.db', 'lock.pid']) {
      await tryDamaged(name, async ({ directory, what, warn }) => {
        const writer = await openWriter(directory, warn);
        expect((await writer.append(request('one'))).duplicate, what).toBe(true);
        expect((await writer.append(request('seven'))).duplicate, what).toBe(false);
        expect(await readFrom(directory, cursor), what).toEqual(['five', 'six', 'seven']);
        await writer.close();
      });
    }
  });

  it('costs only the hashes that are damaged, and is told, where they are hashes', async () => {
    await tryDamaged(fileOf(/^0{16}\.hashes$/), async ({ directory, what, lines, warn }) => {
      const writer = await openWriter(directory, warn);
      expect((await writer.append(request('two'))).duplicate, what).toBe(true);
      expect((await writer.append(request('three'))).duplicate, what).toBe(true);
      expect(await readFrom(directory, cursor), what).toEqual(['five', 'six']);
      if (!what.includes('gone')) expect(lines, what).toEqual([expect.stringContaining('is damaged')]);
      await writer.close();
    });
  });

  it('is mended from its copy where it is the identity, and refused with a sentence only where both are damaged', async () => {
    for (const name of ['log-id', 'log-id.copy']) {
      await tryDamaged(name, async ({ directory, what, warn }) => {
        expect(await logIdentity(directory, warn), what).toBe(identity);
        rmSync(path.join(directory, name));
        expect(await logIdentity(directory, warn), what).toBe(identity);
      });
    }
    await tryDamaged('log-id.copy', async ({ directory, what, warn }) => {
      writeFileSync(path.join(directory, 'log-id'), 'not hex');
      const found = await logIdentity(directory, warn).catch((error: Error) => error.message);
      expect(found, what).toMatch(new RegExp(`^${identity}$|nor does its copy`));
    });
  });
});
