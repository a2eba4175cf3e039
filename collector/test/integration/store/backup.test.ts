import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backup } from '../../../src/admin/backup.js';
import { MANIFEST, type Manifest } from '../../../src/admin/manifest.js';
import { restore } from '../../../src/admin/restore.js';
import { openSqliteControlStore } from '../../../src/control/sqlite/sqlite-control-store.js';
import { Signal } from '../../../src/log/log-record.js';
import { encodeTraces } from '../../fixtures/otlp-encoder.js';
import { eventually } from '../program/orrery-process.js';
import { StoreProcess, signal } from './store-process.js';

const program = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const SPANS = 20;
const quiet = { version: '1.2.3', progress: () => undefined, signal };

let root: string;
let store: StoreProcess;
const acknowledged: string[] = [];
const stopping = new AbortController();
let writing: Promise<void>;

/** A request of one trace; it is acknowledged once this resolves. */
async function append(to: StoreProcess): Promise<string> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const traceId = randomBytes(16).toString('hex');
  const spans = Array.from({ length: SPANS }, (_, at) => ({
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name: 'fire',
    kind: 2,
    startNano: now - 5_000_000n,
    endNano: now,
    attributes: { at },
  }));
  const body = encodeTraces({ 'service.name': 'kiln' }, spans);
  await to.log.append({ signal: Signal.traces, encoding: 0, tenant: '', receivedNano: now, body });
  return traceId;
}

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'orrery-backup-'));
  store = await StoreProcess.prepare();
  const control = openSqliteControlStore(path.join(store.directory, 'control.sqlite'));
  await control.addSilence({ check: 'kiln', duration_ms: 3_600_000, by: 'potter', comment: '' }, Date.now());
  await control.close();
  await store.start();
  writing = (async () => {
    while (!stopping.signal.aborted) {
      acknowledged.push(await append(store));
      await wait(2);
    }
  })();
  // Slices are of two seconds: some are past, and some are written to.
  await eventually(() => expect(slicesOf(store.directory).length).toBeGreaterThanOrEqual(4));
});
afterAll(async () => {
  stopping.abort();
  await writing;
  await store?.close();
  rmSync(root, { recursive: true, force: true });
});

const slicesOf = (folder: string) => {
  const slices = path.join(folder, 'slices');
  return existsSync(slices) ? readdirSync(slices).filter((name) => name.endsWith('.duckdb')) : [];
};
const ended = async (child: ReturnType<typeof spawn>): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
};

describe('a backup that is made while requests come in', () => {
  it('holds everything that was acknowledged before it began, once, and goes on as a data directory', async () => {
    const before = [...acknowledged];
    const folder = path.join(root, 'whole');
    const manifest = await backup(store.directory, folder, quiet);
    expect(acknowledged.length).toBeGreaterThan(before.length);
    expect(manifest.files.map((file) => file.path)).toContain('control.sqlite');

    const restored = path.join(root, 'restored');
    await restore(folder, restored, () => undefined);
    const other = await StoreProcess.prepare(restored);
    try {
      await other.start();
      await other.caughtUp();
      const { client } = other;
      for (const traceId of before) {
        const trace = await client.reader.trace(traceId, signal);
        expect(trace?.summary.spans, traceId).toBe(SPANS);
      }
      const { spans } = await client.reader.storage(signal);
      expect(spans % SPANS).toBe(0);
      expect(spans / SPANS).toBeGreaterThanOrEqual(before.length);
      expect(spans / SPANS).toBeLessThanOrEqual(acknowledged.length);
      const range = { from_ms: Date.now() - 3_600_000, to_ms: Date.now() + 60_000 };
      const { services } = await client.reader.services(
        { range, nowMs: Date.now(), environment: '', synthetic: 'include' },
        signal,
      );
      expect(services).toMatchObject([{ service: 'kiln', requests: spans }]);

      const later = await append(other);
      await eventually(async () => {
        expect((await client.reader.trace(later, signal))?.summary.spans).toBe(SPANS);
      });
      expect((await client.reader.storage(signal)).spans).toBe(spans + SPANS);
      const control = openSqliteControlStore(path.join(restored, 'control.sqlite'));
      expect(await control.silences(Date.now())).toMatchObject([{ check: 'kiln' }]);
      await control.close();
    } finally {
      await other.close();
    }
  });

  it('is refused where it was killed in the middle, and does not stand in the way of the next', async () => {
    const folder = path.join(root, 'cut');
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      program,
      'backup',
      folder,
      '--data-dir',
      store.directory,
    ]);
    await eventually(() => expect(slicesOf(`${folder}.part`).length).toBeGreaterThan(0));
    child.kill('SIGKILL');
    await ended(child);
    expect(existsSync(folder)).toBe(false);
    await expect(restore(`${folder}.part`, path.join(root, 'none'), () => undefined)).rejects.toThrow(
      /is no whole backup: it has no manifest\.json/,
    );
    await expect(backup(store.directory, folder, quiet)).rejects.toThrow(/Remove it if none is/);
    rmSync(`${folder}.part`, { recursive: true });
    await backup(store.directory, folder, quiet);
    await expect(backup(store.directory, folder, quiet)).rejects.toThrow(/is there already/);
  });

  it('fails and leaves nothing when the store process dies while it is made; nothing is lost by that', async () => {
    const folder = path.join(root, 'orphan');
    const made = backup(store.directory, folder, quiet);
    await eventually(() => expect(slicesOf(`${folder}.part`).length).toBeGreaterThan(0));
    await store.end('SIGKILL');
    const outcome = await made.then(
      () => 'whole',
      (error: Error) => error.message,
    );
    // It may have been whole just before; anything else is said, and removed.
    if (outcome !== 'whole') {
      expect(outcome).toMatch(/process ended while it made the backup/);
      expect(existsSync(folder)).toBe(false);
      expect(existsSync(`${folder}.part`)).toBe(false);
    }
    await expect(backup(store.directory, path.join(root, 'stopped'), quiet)).rejects.toThrow(
      /No collector runs on this data directory/,
    );
    stopping.abort();
    await writing;
    await store.start();
    await store.caughtUp();
    const last = acknowledged.at(-1) as string;
    await eventually(async () => {
      expect((await store.client.reader.trace(last, signal))?.summary.spans).toBe(SPANS);
    });
  });
});

describe('a restore', () => {
  const damaged = (name: string, harm: (folder: string) => void): string => {
    const folder = path.join(root, name);
    cpSync(path.join(root, 'whole'), folder, { recursive: true });
    harm(folder);
    return folder;
  };
  const changed = (folder: string, change: (manifest: Manifest) => void) => {
    const file = path.join(folder, MANIFEST);
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    change(manifest);
    writeFileSync(file, JSON.stringify(manifest));
  };
  const slice = (folder: string) => path.join(folder, 'slices', slicesOf(folder)[0] as string);

  it.each([
    [
      'a byte that changed',
      /is not what it was/,
      (folder: string) => {
        const bytes = readFileSync(slice(folder));
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        writeFileSync(slice(folder), bytes);
      },
    ],
    ['a file that is missing', /is missing/, (folder: string) => rmSync(slice(folder))],
    ['a file that came later', /does not belong/, (folder: string) => writeFileSync(path.join(folder, 'x'), '')],
    [
      'slices of a newer version',
      /made by a newer version of Orrery \(slices of format 999/,
      (folder: string) =>
        changed(folder, (manifest) => {
          manifest.formats.slices = 999;
        }),
    ],
    [
      'a path that leads out of it',
      /which is not in it/,
      (folder: string) => {
        writeFileSync(path.join(root, 'outside'), '');
        changed(folder, (manifest) => {
          manifest.files.push({ path: '../outside', bytes: 0, sha256: '' });
        });
      },
    ],
  ])('refuses %s, and makes nothing', async (name, sentence, harm) => {
    const folder = damaged(name.replaceAll(' ', '-'), harm);
    const target = path.join(root, 'refused');
    await expect(restore(folder, target, () => undefined)).rejects.toThrow(sentence);
    expect(existsSync(target)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('refuses a folder that holds something', async () => {
    const target = path.join(root, 'full');
    mkdirSync(target);
    writeFileSync(path.join(target, 'mine'), '');
    await expect(restore(path.join(root, 'whole'), target, () => undefined)).rejects.toThrow(/is not empty/);
    expect(readdirSync(target)).toEqual(['mine']);
  });
});
