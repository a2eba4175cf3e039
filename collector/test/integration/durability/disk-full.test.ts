import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createStoreClient } from '../../../src/store/tail/store-client.js';
import { storeSocket } from '../../../src/store/tail/store-socket.js';
import { CollectorUnderTest } from '../../../torture/kills/collector-under-test.js';
import { until } from '../../../torture/kills/killer.js';
import { builtProgram } from '../../../torture/kills/kills.js';

const run = promisify(execFile);
const DISK_BYTES = 24 << 20;
const SLICES_BYTES = 8 << 20;
const PORT = 21_460;

let disk = '';
let collector: CollectorUnderTest | null = null;
afterEach(async () => {
  for (const victim of [collector?.ingest, collector?.store]) await victim?.end('SIGKILL');
  await run('umount', [disk]).catch(() => undefined);
  await collector?.close();
  collector = null;
  await rm(disk, { recursive: true, force: true });
});

const UNMOUNTABLE = 'a small tmpfs can not be mounted here: run as root with CAP_SYS_ADMIN';

/** A disk of its own can be had on Linux, by root, where one may mount. */
async function mountSmallDisk(folder: string, bytes: number): Promise<boolean> {
  disk = folder;
  await mkdir(folder, { recursive: true });
  return run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', disk]).then(
    () => true,
    () => false,
  );
}

/** The first answer that is not 200. */
async function firstRefusal(): Promise<Awaited<ReturnType<CollectorUnderTest['post']>>> {
  let refusal: Awaited<ReturnType<CollectorUnderTest['post']>> | null = null;
  const refused = async () => {
    const answer = await collector!.post(collector!.fates.length);
    collector!.fates.push(answer.status === 200 ? 'acknowledged' : 'unknown');
    if (answer.status !== 200) refusal = answer;
    return refusal !== null;
  };
  expect(await until(refused, 120_000)).toBe(true);
  return refusal!;
}

async function spansKept(): Promise<number> {
  const client = createStoreClient(storeSocket(collector!.dataDir));
  try {
    return (await client.reader.storage(AbortSignal.timeout(10_000))).spans;
  } finally {
    client.close();
  }
}

describe('a collector whose disk is full', () => {
  it('refuses with 503 and Retry-After, answers questions, and has everything once there is room again', async ({
    skip,
  }) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'orrery-full-'));
    skip(!(await mountSmallDisk(folder, DISK_BYTES)), UNMOUNTABLE);
    collector = await CollectorUnderTest.prepare({
      program: builtProgram,
      port: PORT,
      dataDir: path.join(disk, 'data'),
      env: { ORRERY_INGEST__LOG__SEGMENT_BYTES: '200000' },
    });
    await collector.ingest.start();
    await collector.store.start();
    expect(await collector.send(20)).toEqual(Array(20).fill(200));
    await collector.caughtUp();
    const ballast = path.join(disk, 'ballast');
    const { bavail, bsize } = await statfs(disk);
    // So little that the log still takes some requests that the store then has no room for.
    await writeFile(ballast, Buffer.alloc(bavail * bsize - 60_000));
    expect(await firstRefusal()).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
    expect(collector.ingest.crashed || collector.store.crashed).toBe(false);
    expect(await spansKept()).toBeGreaterThan(0);
    await rm(ballast);
    const taken = async () => (await collector!.send(1))[0] === 200;
    expect(await until(taken, 60_000)).toBe(true);
    expect((await collector.verdict()).faults).toEqual([]);
  }, 240_000);

  it('of slices alone lets the intake go on until the log is full, says so, and has everything once there is room', async ({
    skip,
  }) => {
    collector = await CollectorUnderTest.prepare({
      program: builtProgram,
      port: PORT,
      env: { ORRERY_INGEST__LOG__SEGMENT_BYTES: '50000', ORRERY_INGEST__LOG__MAX_BYTES: '400000' },
    });
    const slices = path.join(collector.dataDir, 'slices');
    skip(!(await mountSmallDisk(slices, SLICES_BYTES)), UNMOUNTABLE);
    await collector.ingest.start();
    await collector.store.start();
    expect(await collector.send(20)).toEqual(Array(20).fill(200));
    await collector.caughtUp();
    const ballast = path.join(slices, 'ballast');
    const { bavail, bsize } = await statfs(slices);
    await writeFile(ballast, Buffer.alloc(bavail * bsize - 60_000));
    const stored = await spansKept();
    const before = collector.fates.length;
    // The log is full for a service that filled its share of it before it is full for all.
    const refusal = await firstRefusal();
    expect([429, 503]).toContain(refusal.status);
    expect(refusal.retryAfter).toMatch(/^\d+$/);
    // What the log holds is far more than what the slices had room for.
    expect(collector.fates.length - before).toBeGreaterThan(60);
    expect((await collector.health())?.trouble).toMatch(/No space left|disk/i);
    expect(await spansKept()).toBeGreaterThanOrEqual(stored);
    await rm(ballast);
    const taken = async () => (await collector!.send(1))[0] === 200;
    expect(await until(taken, 60_000)).toBe(true);
    expect(await collector.verdict()).toMatchObject({ faults: [] });
    expect(collector.store.output).not.toContain('set aside');
  }, 240_000);
});
