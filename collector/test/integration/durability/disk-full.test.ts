import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
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

let disk = '';
let collector: CollectorUnderTest | null = null;
afterEach(async () => {
  await collector?.close();
  collector = null;
  await run('umount', [disk]).catch(() => undefined);
  await rm(disk, { recursive: true, force: true });
});

/** A disk of its own can be had on Linux, by root, where one may mount. */
async function mountSmallDisk(): Promise<boolean> {
  disk = await mkdtemp(path.join(tmpdir(), 'orrery-full-'));
  return run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk]).then(
    () => true,
    () => false,
  );
}

describe('a collector whose disk is full', () => {
  it('refuses with 503 and Retry-After, answers questions, and has everything once there is room again', async ({
    skip,
  }) => {
    skip(!(await mountSmallDisk()), 'a small tmpfs can not be mounted here: run as root with CAP_SYS_ADMIN');
    collector = await CollectorUnderTest.prepare({
      program: builtProgram,
      port: 21_460,
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
    let refusal: Awaited<ReturnType<CollectorUnderTest['post']>> | null = null;
    const refused = async () => {
      const answer = await collector!.post(collector!.fates.length);
      collector!.fates.push(answer.status === 200 ? 'acknowledged' : 'unknown');
      if (answer.status !== 200) refusal = answer;
      return refusal !== null;
    };
    expect(await until(refused, 60_000)).toBe(true);
    expect(refusal).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
    expect(collector.ingest.crashed || collector.store.crashed).toBe(false);
    const client = createStoreClient(storeSocket(collector.dataDir));
    expect((await client.reader.storage(AbortSignal.timeout(10_000))).spans).toBeGreaterThan(0);
    client.close();
    await rm(ballast);
    const taken = async () => (await collector!.send(1))[0] === 200;
    expect(await until(taken, 60_000)).toBe(true);
    expect((await collector.verdict()).faults).toEqual([]);
  }, 240_000);
});
