import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { logDirectory } from '../../../src/ingest/run-ingest.js';
import { writeReleaseMark } from '../../../src/log/release-mark.js';
import { encodeTraces } from '../../fixtures/otlp-encoder.js';
import { eventually } from '../program/orrery-process.js';
import { startIngest, type TestIngest } from './start-ingest.js';

let ingest: TestIngest;
let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await ingest.stop();
});

let spans = 0;

/** A request of one span of a service, `bytes` long or a little more. */
function request(service: string, bytes = 200): Uint8Array<ArrayBuffer> {
  const traceId = (++spans).toString(16).padStart(32, 'a');
  const now = BigInt(Date.now()) * 1_000_000n;
  // Texts beyond the limit of one attribute would be cut.
  const attributes = Object.fromEntries(
    Array.from({ length: Math.ceil(bytes / 30_000) }, (_, i) => [`k${i}`, 'x'.repeat(Math.min(bytes, 30_000))]),
  );
  const span = { traceId, spanId: traceId.slice(-16), name: 'work', startNano: now, endNano: now, attributes };
  return new Uint8Array(encodeTraces({ 'service.name': service }, [span]));
}

async function send(body: Uint8Array<ArrayBuffer>) {
  const headers = { 'content-type': 'application/x-protobuf' };
  const response = await fetch(`${ingest.url}/v1/traces`, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return { status: response.status, retryAfter: response.headers.get('retry-after') };
}

async function connect(text: string): Promise<Socket> {
  const socket = createConnection({ port: ingest.port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return socket;
}

const post = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n';

describe('connections', () => {
  it.each([
    ['say nothing', ''],
    ['never end their headers', post],
    ['never end their bodies', `${post}Content-Length: 1000\r\n\r\nabc`],
    ['never end their chunks', `${post}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`],
  ])('that %s keep nobody out, however many', async (_what, text) => {
    ingest = await startIngest({ max_connections: 40 });
    for (let i = 0; i < 120; i++) {
      await connect(text);
      if (i % 10 === 0) expect(await send(request('light'))).toMatchObject({ status: 200 });
    }
    expect(ingest.figures().closedConnections.too_many).toBeGreaterThan(50);
  });

  it('of clients that never read their answers keep nobody waiting', async () => {
    ingest = await startIngest();
    const body = Buffer.from(request('deaf'));
    const head = `${post}Content-Length: ${body.length}\r\n\r\n`;
    const many = Buffer.concat(Array.from({ length: 100 }, () => Buffer.concat([Buffer.from(head), body])));
    for (let i = 0; i < 5; i++) (await connect('')).pause().write(many);
    for (let i = 0; i < 50; i++) expect(await send(request('light'))).toMatchObject({ status: 200 });
  });
});

describe('connections whose clients are gone without a word', () => {
  it('are closed in time and counted, whatever they were about, and leave nothing behind', async () => {
    ingest = await startIngest({ headers_timeout_ms: 500, request_timeout_ms: 800 });
    const closed: string[] = [];
    const ways = {
      silent: '',
      'headers begun': post,
      'body begun': `${post}Content-Length: 1000\r\n\r\nabc`,
      'chunks begun': `${post}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    };
    for (const [way, text] of Object.entries(ways)) {
      const socket = await connect(text);
      socket.resume().once('close', () => closed.push(way));
    }
    // A longer answer than the system has room for, and nobody who reads it.
    const items = '{"create":{}}\n{}\n'.repeat(150_000);
    const bulk = `POST /x/_bulk HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n`;
    (await connect('')).pause().write(`${bulk}Content-Length: ${items.length}\r\n\r\n${items}`);
    await eventually(async () => expect(closed.sort()).toEqual(Object.keys(ways).sort()));
    await eventually(async () => expect(ingest.figures().closedConnections).toEqual({ too_many: 0, stalled: 1 }));
    // What was begun and not ended is refused, and holds nothing any more.
    expect(ingest.figures().refusals['aborted']).toBeGreaterThanOrEqual(3);
    await eventually(async () => expect(await send(request('light'))).toMatchObject({ status: 200 }));
  });
});

describe('a sender of a thousand times more than the rest', () => {
  it('is told to wait while the store is behind, and the others are taken; afterwards it is taken, too', async () => {
    ingest = await startIngest({ log: { max_bytes: 400_000, segment_bytes: 100_000, min_free_bytes: 0 } });
    const heavy: Awaited<ReturnType<typeof send>>[] = [];
    for (let round = 0; round < 10; round++) {
      heavy.push(...(await Promise.all(Array.from({ length: 25 }, () => send(request('heavy', 1000))))));
      expect(await send(request('light', 20))).toEqual({ status: 200, retryAfter: null });
    }
    const refused = heavy.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(20);
    for (const answer of refused) expect(answer).toEqual({ status: 429, retryAfter: '2' });
    expect(ingest.figures()).toMatchObject({
      refusals: { over_share: refused.length },
      refusedSenders: [{ service: 'heavy', reason: 'over_share', requests: refused.length }],
    });

    // The store has caught up.
    await writeReleaseMark(logDirectory(ingest.dataDir), ingest.figures().log.end);
    await eventually(async () => expect(await send(request('heavy', 1000))).toMatchObject({ status: 200 }));
  });

  it('leaves memory for small bodies while large ones come', async () => {
    ingest = await startIngest({ max_in_flight_bytes: 8_000_000, max_body_bytes: 4_000_000 });
    const large = request('heavy', 3_000_000);
    const sending = Array.from({ length: 30 }, () => send(large));
    for (let i = 0; i < 30; i++) expect(await send(request('light'))).toMatchObject({ status: 200 });
    const answers = await Promise.all(sending);
    for (const { status, retryAfter } of answers) expect([`200 null`, `503 1`]).toContain(`${status} ${retryAfter}`);
    expect(await send(large)).toMatchObject({ status: 200 });
  });

  it('is held to the bytes per second that are configured, by name', async () => {
    const limits = { service_bytes_per_second: 1000, services: { important: 0 } };
    ingest = await startIngest({ limits });
    // At once: while they go one by one on a busy machine, what they may send comes back.
    const answers = await Promise.all(Array.from({ length: 30 }, () => send(request('heavy', 1000))));
    const taken = answers.filter(({ status }) => status === 200);
    expect(taken.length).toBeGreaterThanOrEqual(8);
    const refused = answers.find(({ status }) => status !== 200);
    expect(refused).toMatchObject({ status: 429, retryAfter: expect.stringMatching(/^[1-9]$/) as string });
    for (let i = 0; i < 20; i++) expect(await send(request('important', 1000))).toMatchObject({ status: 200 });
    expect(ingest.figures().refusedSenders).toMatchObject([{ service: 'heavy', reason: 'rate_limited' }]);
  });
});
