import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Signal } from '../../../src/log/log-record.js';
import { encodeLogs, encodeTraces } from '../../fixtures/otlp-encoder.js';
import { StoreProcess, signal } from './store-process.js';

let store: StoreProcess | null = null;
afterEach(async () => {
  await store?.close();
  store = null;
});

const SPANS = 50;
const KILLS = 5;

/** A request of spans, each a trace of its own, and one of as many lines. */
async function append(to: StoreProcess): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from({ length: SPANS }, (_, at) => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'measure',
    kind: 2,
    startNano: now - 5_000_000n,
    endNano: now,
    attributes: { at, kiln: 'k1' },
  }));
  const request = { encoding: 0 as const, tenant: '', receivedNano: now };
  const resource = { 'service.name': 'kiln' };
  await to.log.append({ ...request, signal: Signal.traces, body: encodeTraces(resource, spans) });
  const lines = spans.map(({ traceId, spanId }) => ({ timeNano: now, traceId, spanId, body: `glaze ${spanId}` }));
  await to.log.append({ ...request, signal: Signal.logs, body: encodeLogs(resource, lines) });
}

describe('kill -9 of the store process', () => {
  it('leaves rows and figures that count everything once, wherever it struck', async () => {
    store = await StoreProcess.prepare();
    const { client } = store;
    const startedMs = Date.now();
    let requests = 0;
    const stopWriting = new AbortController();
    const target = store;
    const writing = (async () => {
      while (!stopWriting.signal.aborted) {
        await append(target);
        requests += 1;
        await wait(20);
      }
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      await store.start();
      // Into the middle of commits: a little later each time.
      await wait(150 + 130 * kill);
      await store.end('SIGKILL');
    }
    stopWriting.abort();
    await writing;
    await store.start();
    await store.caughtUp();

    const spans = requests * SPANS;
    const range = { from_ms: startedMs - 60_000, to_ms: Date.now() + 60_000 };
    const question = { range, nowMs: Date.now(), environment: '', synthetic: 'include' as const };
    const all = { kind: 'all' as const };
    const figures = await client.reader.storage(signal);
    expect([figures.spans, figures.logs, figures.deadLetters]).toEqual([spans, spans, 0]);
    expect(figures.slices).toBeGreaterThan(1);
    const counted = await client.reader.aggregate(
      { ...question, signal: 'spans', filter: all, measures: [{ op: 'count' }], group_by: [], step_ms: 0, limit: 1 },
      signal,
    );
    expect(counted.groups[0]?.values).toEqual([spans]);
    const { services } = await client.reader.services(question, signal);
    expect(services.map(({ service, requests: answered }) => [service, answered])).toEqual([['kiln', spans]]);
    expect((await client.reader.traceHistogram({ ...question, filter: all }, signal)).total).toBe(spans);
    expect((await client.reader.logHistogram({ ...question, filter: all }, signal)).total).toBe(spans);
  });
});

describe('the store process', () => {
  it('says that it does not answer while it is away, and answers again once it is back', async () => {
    store = await StoreProcess.prepare();
    const { client } = store;
    await expect(client.reader.storage(signal)).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    await store.start();
    expect(await client.reader.storage(signal)).toMatchObject({ spans: 0, slices: 0 });
    await store.end('SIGTERM');
    await expect(client.health(signal)).rejects.toMatchObject({ code: 'store_unavailable' });
    await store.start();
    expect(await client.health(signal)).toMatchObject({ lagBytes: 0, trouble: null });
  });

  it('keeps the code of an error on its way, and stops asking when the asker hangs up', async () => {
    store = await StoreProcess.prepare();
    await store.start();
    await append(store);
    await store.caughtUp();
    const question = {
      range: { from_ms: 0, to_ms: Date.now() + 1000 },
      nowMs: Date.now(),
      environment: '',
      filter: { kind: 'all' as const },
      order: 'asc' as const,
      limit: 1,
    };
    await expect(store.client.reader.logs({ ...question, cursor: 'nonsense' }, signal)).rejects.toMatchObject({
      name: 'StoreError',
      retryable: false,
    });
    const gone = AbortSignal.abort(new Error('hung up'));
    await expect(store.client.reader.logs(question, gone)).rejects.toThrow('hung up');
    expect((await store.client.reader.logs(question, signal)).logs).toHaveLength(1);
  });

  it('shows what was received within a second, and lets go of the log', async () => {
    store = await StoreProcess.prepare();
    await store.start();
    await append(store);
    await store.caughtUp();
    expect((await store.client.reader.storage(signal)).spans).toBe(SPANS);
  });
});
