import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createStoreClient } from '../../../src/store/tail/store-client.js';
import { storeSocket } from '../../../src/store/tail/store-socket.js';
import { CollectorUnderTest } from '../../../torture/kills/collector-under-test.js';
import { until } from '../../../torture/kills/killer.js';
import { builtProgram } from '../../../torture/kills/kills.js';
import { Victim } from '../../../torture/kills/victim.js';

const PORT = 21_440;
let collector: CollectorUnderTest;
afterEach(() => collector.close());

async function running(
  options: { preloads?: { store?: string[]; ingest?: string[] }; env?: Record<string, string> } = {},
) {
  collector = await CollectorUnderTest.prepare({ program: builtProgram, port: PORT, ...options });
  await collector.ingest.start();
  await collector.store.start();
}

describe('a second process on the same data directory', () => {
  it('is refused with one sentence as long as the first lives, and takes over at once when that was killed', async () => {
    await running();
    const second = (role: 'ingest' | 'store') =>
      new Victim(role, {
        program: builtProgram,
        dataDir: collector.dataDir,
        workDir: collector.workDir,
        otlpPort: PORT + 1,
        preloads: { ingest: [], store: [] },
        env: {},
      });
    for (const role of ['ingest', 'store'] as const) {
      await expect(second(role).start()).rejects.toThrow(
        new RegExp(
          `does not start:\\s+The (log|store) \\S+ \\S+ is in use by another collector \\(process ${collector[role].pid}\\)`,
        ),
      );
    }
    expect(await collector.send(10)).toEqual(Array(10).fill(200));
    for (const role of ['ingest', 'store'] as const) {
      await collector[role].end('SIGKILL');
      await collector[role].start();
    }
    expect(await collector.send(10)).toEqual(Array(10).fill(200));
    expect(await collector.verdict()).toMatchObject({ faults: [], acknowledged: 20 });
  });
});

describe('a lost folder', () => {
  it('of the log costs nothing that is acknowledged after, although positions begin again', async () => {
    await running();
    await collector.send(40);
    await collector.caughtUp();
    for (const role of ['ingest', 'store'] as const) await collector[role].end('SIGKILL');
    rmSync(path.join(collector.dataDir, 'log'), { recursive: true });
    await collector.ingest.start();
    expect(await collector.send(20)).toEqual(Array(20).fill(200));
    await collector.store.start();
    expect(await collector.verdict()).toMatchObject({ faults: [], acknowledged: 60 });
  });

  it('of the slices is filled again as far as the log reaches', async () => {
    await running();
    await collector.send(40);
    await collector.caughtUp();
    await collector.store.end('SIGKILL');
    rmSync(path.join(collector.dataDir, 'slices'), { recursive: true });
    await collector.store.start();
    await collector.send(20);
    expect(await collector.verdict()).toMatchObject({ faults: [], acknowledged: 60 });
  });
});

describe('a record that ends the store process', () => {
  it('is set aside after it did so twice by itself, is told, and what stands around it is stored', async () => {
    const lethal = 6;
    await running({ preloads: { store: ['crash'] }, env: { TORTURE_CRASH: `line ${lethal} 0` } });
    await collector.store.end('SIGTERM');
    expect(await collector.send(12)).toEqual(Array(12).fill(200));
    let deaths = 0;
    const quarantine = path.join(collector.dataDir, 'quarantine');
    const letters = () => readdirSync(quarantine).filter((name) => name.endsWith('.json'));
    while (letters().length === 0 && deaths < 10) {
      await collector.store.start().catch(() => undefined);
      await until(() => collector.store.crashed || letters().length > 0, 60_000);
      if (collector.store.crashed) deaths += 1;
    }
    expect(deaths).toBeLessThanOrEqual(5);
    await collector.send(6);
    await collector.caughtUp();
    expect(letters()).toHaveLength(1);
    const [letter] = letters();
    expect(JSON.parse(readFileSync(path.join(quarantine, letter!), 'utf8'))).toMatchObject({
      reason: expect.stringContaining('again and again'),
    });
    const client = createStoreClient(storeSocket(collector.dataDir));
    const { letters: listed } = await client.letters.list({ group: '', limit: 10 }, AbortSignal.timeout(10_000));
    expect(listed).toMatchObject([
      { kind: 'request', about: 'logs', reason: expect.stringContaining('again and again') },
    ]);
    const shown = await client.letters.show(listed[0]!.id, AbortSignal.timeout(10_000));
    expect(shown).toMatchObject({
      content: { format: 'hex' },
      fault: { says: expect.stringContaining('not read here') },
    });
    client.close();
    expect(collector.store.crashed, 'whoever looks at it does not end the process once more').toBe(false);
    expect(collector.store.output).toContain('was set aside: it ended the store process again and again');
    collector.fates[lethal] = 'unknown';
    expect(await collector.verdict()).toMatchObject({ faults: [], acknowledged: 17 });
  }, 240_000);
});
