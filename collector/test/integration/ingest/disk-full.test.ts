import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileLogWriter } from '../../../src/log/file-log-writer.js';
import { readLog } from './start-ingest.js';

const run = promisify(execFile);
const MOUNT_BYTES = 1 << 20;

let directory: string;
let mounted = false;

/** A disk of one megabyte can be had on Linux, by root, in a container that may mount. */
async function mountSmallDisk(): Promise<boolean> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${MOUNT_BYTES}`, 'tmpfs', directory]);
    return true;
  } catch {
    return false;
  }
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'orrery-disk-'));
  mounted = await mountSmallDisk();
});
afterEach(async () => {
  if (mounted) await run('umount', [directory]);
  await rm(directory, { recursive: true, force: true });
});

describe('a log on a disk that is full', () => {
  it('refuses, keeps what it has, and takes again once there is room', async ({ skip }) => {
    skip(!mounted, 'a small tmpfs can not be mounted here: run as root with CAP_SYS_ADMIN');
    const ballast = join(directory, 'ballast');
    await writeFile(ballast, Buffer.alloc(MOUNT_BYTES / 2));
    const folder = join(directory, 'log');
    const writer = await FileLogWriter.open({
      directory: folder,
      maxBytes: 1 << 30,
      segmentBytes: 200_000,
      minFreeBytes: 0,
      dedupeMs: 600_000,
      warn: () => undefined,
    });
    const append = (i: number) =>
      writer.append({
        signal: 1,
        encoding: 0,
        receivedNano: BigInt(Date.now()) * 1_000_000n,
        tenant: '',
        body: Buffer.alloc(30_000, `${i}.`),
      });
    let written = 0;
    const fill = async () => {
      for (;;) {
        await append(written);
        written++;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'disk_full', retryable: true });
    expect(written).toBeGreaterThan(5);
    await rm(ballast);
    const more = written + 5;
    while (written < more) await append(written++);
    await writer.close();
    const bodies = (await readLog(folder)).map(({ body }) => Buffer.from(body).subarray(0, 6).toString());
    expect(bodies).toEqual(Array.from({ length: more }, (_, i) => Buffer.alloc(6, `${i}.`).toString()));
  });

  it('refuses while less is free than the store is to have', async () => {
    const writer = await FileLogWriter.open({
      directory: join(directory, 'other'),
      maxBytes: 1 << 30,
      segmentBytes: 200_000,
      minFreeBytes: Number.MAX_SAFE_INTEGER,
      dedupeMs: 600_000,
      warn: () => undefined,
    });
    const body = Buffer.from('x');
    const append = writer.append({ signal: 1, encoding: 0, receivedNano: 1n, tenant: '', body });
    await expect(append).rejects.toMatchObject({ code: 'disk_full', message: expect.stringContaining('are free') });
    await writer.close();
  });
});
