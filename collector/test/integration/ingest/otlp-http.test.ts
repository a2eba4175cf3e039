import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import type { Type } from 'protobufjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeTraces } from '../../../src/decode/decode-traces.js';
import { attributesObject } from '../../../src/decode/text.js';
import { figuresSocket } from '../../../src/ingest/run-ingest.js';
import { ExportResponse, encode, Logs, Metrics, RpcStatus, Traces } from '../../otlp/otlp-messages.js';
import { startIngest, type TestIngest } from './start-ingest.js';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const now = `${Date.now()}000000`;

function spanOf(fields: object = {}) {
  return {
    traceId: randomBytes(16),
    spanId: randomBytes(8),
    name: 'work',
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    ...fields,
  };
}

/** A request of a service of its own. */
function tracesOf(service: string, ...spans: object[]): Uint8Array {
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  return encode(Traces, { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] });
}

function traces(...spans: object[]): Uint8Array {
  return encode(Traces, { resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] });
}

let ingest: TestIngest;
beforeEach(async () => {
  ingest = await startIngest({
    max_body_bytes: 200_000,
    max_inflated_bytes: 400_000,
    max_attribute_bytes: 256,
    cors_origins: ['https://shop.example'],
  });
});
afterEach(() => ingest.stop());

async function post(path: string, body: Uint8Array | string, type: string, headers: Record<string, string> = {}) {
  const response = await fetch(ingest.url + path, {
    method: 'POST',
    body: body as Uint8Array<ArrayBuffer>,
    headers: { 'Content-Type': type, ...headers },
  });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

function decoded(type: Type, bytes: Buffer) {
  return type.toObject(type.decode(bytes), { longs: String });
}

describe('OTLP/HTTP intake', () => {
  it('answers 200 with an empty response in the encoding of the request, for every signal', async () => {
    const bodies = [
      ['/v1/traces', traces(spanOf()), '{"resourceSpans":[]}'],
      [
        '/v1/logs',
        encode(Logs, { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hi' } }] }] }] }),
        '{"resourceLogs":[]}',
      ],
      [
        '/v1/metrics',
        encode(Metrics, {
          resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints: [{ asInt: 1 }] } }] }] }],
        }),
        '{}',
      ],
    ] as const;
    for (const [path, protobuf, json] of bodies) {
      const first = await post(path, protobuf, PROTOBUF);
      expect([first.status, first.headers.get('content-type'), first.body.length]).toEqual([200, PROTOBUF, 0]);
      const second = await post(path, json, 'application/json; charset=utf-8');
      expect([second.status, second.headers.get('content-type'), second.body.toString()]).toEqual([
        200,
        JSON_TYPE,
        '{}',
      ]);
    }
    expect((await ingest.records()).map(({ signal }) => signal)).toEqual([1, 2, 3]);
    expect(ingest.figures().items).toEqual({ spans: 1, logs: 1, metricPoints: 1 });
  });

  it('takes gzip and deflate, and keeps a gzip body as it came', async () => {
    const body = traces(spanOf());
    const zipped = gzipSync(body);
    expect((await post('/v1/traces', zipped, PROTOBUF, { 'Content-Encoding': 'gzip' })).status).toBe(200);
    const other = traces(spanOf());
    expect((await post('/v1/traces', deflateSync(other), PROTOBUF, { 'Content-Encoding': 'deflate' })).status).toBe(
      200,
    );
    const records = await ingest.records();
    expect(records.map(({ encoding }) => encoding)).toEqual([1, 0]);
    expect(Buffer.from(records[0]!.body)).toEqual(zipped);
    expect(Buffer.from(records[1]!.body)).toEqual(Buffer.from(other));
  });

  it('writes a request that comes twice once and answers both alike', async () => {
    const body = traces(spanOf());
    const answers = await Promise.all([1, 2, 3].map(() => post('/v1/traces', body, PROTOBUF)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await ingest.records()).toHaveLength(1);
    expect(ingest.figures()).toMatchObject({ duplicates: 2, items: { spans: 1 } });
  });

  it('reports bad spans among good ones as partial success', async () => {
    const body = traces(spanOf(), spanOf({ traceId: randomBytes(3) }), spanOf({ spanId: Buffer.alloc(8) }));
    const binary = await post('/v1/traces', body, PROTOBUF);
    expect(binary.status).toBe(200);
    expect(decoded(ExportResponse, binary.body)).toMatchObject({
      partialSuccess: { rejected: '2', errorMessage: expect.stringContaining('trace_id has 3 bytes instead of 16') },
    });
    const good = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), startTimeUnixNano: now, endTimeUnixNano: now };
    const json = { resourceSpans: [{ scopeSpans: [{ spans: [good, { ...good, traceId: 'xyz' }] }] }] };
    const text = await post('/v1/traces', JSON.stringify(json), JSON_TYPE);
    expect(JSON.parse(text.body.toString())).toMatchObject({ partialSuccess: { rejectedSpans: '1' } });
    expect(await ingest.records()).toHaveLength(2);
  });

  it('refuses what it can not read with a google.rpc.Status in the encoding of the request', async () => {
    const bad: [body: Uint8Array | string, type: string, headers: Record<string, string>, status: number][] = [
      ['garbage', PROTOBUF, {}, 400],
      [traces(spanOf()).subarray(0, -1), PROTOBUF, {}, 400],
      [traces(spanOf({ traceId: Buffer.alloc(0) })), PROTOBUF, {}, 400],
      ['not gzip', PROTOBUF, { 'Content-Encoding': 'gzip' }, 400],
      [gzipSync('x'.repeat(100)).subarray(0, 15), PROTOBUF, { 'Content-Encoding': 'gzip' }, 400],
      ['{"resourceSpans":', JSON_TYPE, {}, 400],
      ['[]', JSON_TYPE, {}, 400],
      ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":7}]}]}]}', JSON_TYPE, {}, 400],
      [nestedJson(100_000), JSON_TYPE, {}, 413],
      [nestedJson(5_000), JSON_TYPE, {}, 400],
      ['x', PROTOBUF, { 'Content-Encoding': 'zstd' }, 415],
      [randomBytes(200_001), PROTOBUF, {}, 413],
      [gzipSync(Buffer.alloc(50_000_000)), PROTOBUF, { 'Content-Encoding': 'gzip' }, 413],
      [deflateSync(Buffer.alloc(50_000_000)), JSON_TYPE, { 'Content-Encoding': 'deflate' }, 413],
    ];
    for (const [body, type, headers, status] of bad) {
      const answer = await post('/v1/traces', body, type, headers);
      expect([answer.status, answer.headers.get('content-type')], String(body).slice(0, 60)).toEqual([status, type]);
      const rpc = type === JSON_TYPE ? JSON.parse(answer.body.toString()) : decoded(RpcStatus, answer.body);
      expect(rpc).toMatchObject({ code: status === 413 ? 8 : 3, message: expect.stringMatching(/\S/) });
    }
    expect(await ingest.records()).toHaveLength(0);
    expect((await post('/v1/traces', traces(spanOf()), PROTOBUF)).status).toBe(200);
  });

  it('answers wrong types, methods and paths', async () => {
    const text = await post('/v1/traces', 'x', 'text/plain');
    expect([text.status, text.headers.get('content-type')]).toEqual([415, JSON_TYPE]);
    const get = await fetch(`${ingest.url}/v1/logs`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await post('/v1/profiles', 'x', PROTOBUF)).status).toBe(404);
    expect((await post('/anything', 'x', PROTOBUF)).status).toBe(404);
  });

  it('redacts by key, nested too, before the log', async () => {
    const attributes = [
      { key: 'http.request.header.Authorization', value: { stringValue: 'Bearer hunter2' } },
      { key: 'DB_Password', value: { intValue: 12345 } },
      { key: 'order.id', value: { stringValue: 'o-1' } },
      {
        key: 'payload',
        value: {
          kvlistValue: {
            values: [
              { key: 'apiKey', value: { stringValue: 'hunter2' } },
              {
                key: 'list',
                value: {
                  arrayValue: {
                    values: [
                      { kvlistValue: { values: [{ key: 'client_secret', value: { stringValue: 'hunter2' } }] } },
                    ],
                  },
                },
              },
            ],
          },
        },
      },
    ];
    const body = traces(spanOf({ attributes, events: [{ name: 'e', attributes }] }), spanOf());
    expect((await post('/v1/traces', gzipSync(body), PROTOBUF, { 'Content-Encoding': 'gzip' })).status).toBe(200);
    const [record] = await ingest.records();
    expect(record!.encoding).toBe(0);
    expect(Buffer.from(record!.body).includes('hunter2')).toBe(false);
    const { columns } = decodeTraces(record!.body);
    expect(columns.count).toBe(2);
    const redacted = {
      'http.request.header.Authorization': '[redacted]',
      DB_Password: '[redacted]',
      'order.id': 'o-1',
      payload: { apiKey: '[redacted]', list: [{ client_secret: '[redacted]' }] },
    };
    expect(attributesObject(columns, columns.attribute.from[0]!, columns.attribute.to[0]!)).toEqual(redacted);
    expect(attributesObject(columns, columns.events.attribute.from[0]!, columns.events.attribute.to[0]!)).toEqual(
      redacted,
    );
    expect(ingest.figures().redactedValues).toBe(8);
  });

  it('cuts long values between characters and flags absurd times, and keeps everything', async () => {
    const body = traces(
      spanOf({ traceId: randomBytes(2) }),
      spanOf({ startTimeUnixNano: 0 }),
      spanOf({ attributes: [{ key: 'long', value: { stringValue: 'é'.repeat(500) } }] }),
      spanOf({ endTimeUnixNano: '18446744073709551615' }),
      spanOf({ startTimeUnixNano: String(BigInt(now) + 1000n) }),
    );
    expect((await post('/v1/traces', body, PROTOBUF)).status).toBe(200);
    const [record] = await ingest.records();
    const { columns } = decodeTraces(record!.body);
    const all = Array.from({ length: columns.count }, (_, row) =>
      attributesObject(columns, columns.attribute.from[row]!, columns.attribute.to[row]!),
    );
    expect(all[0]).toEqual({ 'orrery.time.fault': 'missing' });
    expect(all[1]!.long).toMatch(/^é+… \[truncated\]$/);
    expect(Buffer.byteLength(all[1]!.long as string)).toBeLessThanOrEqual(256);
    expect(all[2]).toEqual({ 'orrery.time.fault': 'future' });
    expect(all[3]).toEqual({ 'orrery.time.fault': 'end_before_start' });
  });

  it('says 503 with Retry-After when the log is full, and takes again later', async () => {
    const small = await startIngest({ log: { max_bytes: 3000, segment_bytes: 1024, min_free_bytes: 0 } });
    let services = 0;
    try {
      const send = () =>
        fetch(`${small.url}/v1/traces`, {
          method: 'POST',
          headers: { 'Content-Type': PROTOBUF },
          body: tracesOf(`service ${services++}`, spanOf({ name: 'n'.repeat(500) })) as Uint8Array<ArrayBuffer>,
        });
      let response = await send();
      while (response.status === 200) response = await send();
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
      expect(decoded(RpcStatus, Buffer.from(await response.arrayBuffer()))).toMatchObject({ code: 14 });
      expect(small.figures().refusals).toEqual({ log_full: 1 });
    } finally {
      await small.stop();
    }
  });

  it('bounds what all senders together hold in memory', async () => {
    const small = await startIngest({ max_in_flight_bytes: 100_000 });
    try {
      const send = (headers: Record<string, string>, body: Uint8Array) =>
        fetch(`${small.url}/v1/traces`, {
          method: 'POST',
          headers: { 'Content-Type': PROTOBUF, ...headers },
          body: body as Uint8Array<ArrayBuffer>,
        });
      const large = traces(spanOf({ name: 'n'.repeat(150_000) }));
      for (const answer of [await send({}, large), await send({ 'Content-Encoding': 'gzip' }, gzipSync(large))]) {
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      }
      const fine = await Promise.all(Array.from({ length: 20 }, () => send({}, traces(spanOf()))));
      expect(fine.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    } finally {
      await small.stop();
    }
  });

  it('lets pages of configured origins send, and no others', async () => {
    const preflight = (origin: string) =>
      fetch(`${ingest.url}/v1/traces`, {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'content-type',
        },
      });
    const allowed = await preflight('https://shop.example');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, 'https://shop.example']);
    const denied = await preflight('https://evil.example');
    expect([denied.status, denied.headers.get('access-control-allow-origin')]).toEqual([405, null]);
    const sent = await post('/v1/traces', traces(spanOf()), PROTOBUF, { Origin: 'https://shop.example' });
    expect(sent.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });

  it('survives senders that break off, stall or speak no HTTP', async () => {
    const slow = await startIngest({ headers_timeout_ms: 200, request_timeout_ms: 400 });
    try {
      const said = await Promise.all([
        converse(slow.port, 'NONSENSE\r\n\r\n'),
        converse(slow.port, 'POST /v1/traces HTTP/1.1\r\nHost: x\r\n'),
        converse(
          slow.port,
          `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 99\r\n\r\nabc`,
        ),
      ]);
      expect(said[0]).toMatch(/^HTTP\/1.1 400 /);
      expect(said[1]).toMatch(/^HTTP\/1.1 408 /);
      expect(said[2]).toMatch(/^HTTP\/1.1 408 /);
      expect(
        (await fetch(`${slow.url}/v1/traces`, { method: 'POST', headers: { 'Content-Type': JSON_TYPE }, body: '{}' }))
          .status,
      ).toBe(200);
    } finally {
      await slow.stop();
    }
  });

  it('finishes requests under way when it is stopped', async () => {
    const other = await startIngest();
    const body = traces(spanOf());
    const answer = new Promise<number>((resolve, reject) => {
      const request = httpRequest(`${other.url}/v1/traces`, {
        method: 'POST',
        headers: { 'Content-Type': PROTOBUF, 'Content-Length': body.length },
      });
      request.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject);
      request.write(body.subarray(0, 10), () => {
        setImmediate(() => {
          void other.stop();
          request.end(body.subarray(10));
        });
      });
    });
    expect(await answer).toBe(200);
  });

  it('tells its figures on a local socket', async () => {
    await post('/v1/traces', traces(spanOf()), PROTOBUF);
    const ask = (path: string) =>
      new Promise<string>((resolve, reject) => {
        httpRequest({ socketPath: figuresSocket(ingest.dataDir), path }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk;
          });
          response.on('end', () => resolve(text));
        })
          .on('error', reject)
          .end();
      });
    expect(JSON.parse(await ask('/figures'))).toMatchObject({ items: { spans: 1 }, log: { records: 1 } });
    expect(await ask('/metrics')).toContain('orrery_ingest_items_total{kind="spans"} 1');
    expect(JSON.parse(await ask('/healthz'))).toEqual({ status: 'ok' });
  });
});

function nestedJson(depth: number): string {
  const value = '{"arrayValue":{"values":['.repeat(depth) + '{}' + ']}}'.repeat(depth);
  return `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"a","value":${value}}]}]}]}]}`;
}

/** What the server says to raw bytes until it hangs up. */
function converse(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}
