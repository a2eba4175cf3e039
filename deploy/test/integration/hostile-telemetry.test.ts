import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attribute, traceRequests } from './otlp-requests.js';
import { type RunningCollector, startCollector } from './running-collector.js';
import { eventually } from './running-shop.js';

interface Status {
  refusals: Record<string, number>;
  ingest: { traces: { rejected_items: number } };
}

let collector: RunningCollector;

beforeAll(async () => {
  collector = await startCollector();
});

afterAll(() => collector?.stop());

const json = { 'content-type': 'application/json' };
const protobuf = { 'content-type': 'application/x-protobuf' };

async function send(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>, signal = 'traces') {
  const response = await fetch(`${collector.otlp}/v1/${signal}`, { method: 'POST', body, headers });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), text };
}

const traceWith = (span: object, service = 'desk'): string =>
  JSON.stringify({
    resourceSpans: [
      { resource: { attributes: [attribute('service.name', service)] }, scopeSpans: [{ spans: [span] }] },
    ],
  });

const now = (): string => String(BigInt(Date.now()) * 1_000_000n);
const span = (more: object = {}) => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  name: 'lend',
  kind: 2,
  startTimeUnixNano: now(),
  endTimeUnixNano: now(),
  ...more,
});

const found = async (q: string): Promise<string[]> => {
  const { traces } = await collector.get<{ traces: { trace_id: string }[] }>(
    `/traces?from=now-15m&to=now&q=${encodeURIComponent(q)}`,
  );
  return traces.map(({ trace_id }) => trace_id);
};

const bomb = gzipSync(Buffer.alloc(80 << 20, ' '), { level: 9 });
const refused: {
  what: string;
  body: string | Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
  status: number;
}[] = [
  {
    what: 'protobuf that ends in the middle',
    body: Buffer.from([0x0a, 0xff, 0x01, 0x00]),
    headers: protobuf,
    status: 400,
  },
  { what: 'noise as protobuf', body: Buffer.alloc(4096, 0xfe), headers: protobuf, status: 400 },
  { what: 'JSON that ends in the middle', body: '{"resourceSpans":[{', headers: json, status: 400 },
  { what: 'JSON of another shape', body: '{"resourceSpans":"all of them"}', headers: json, status: 400 },
  { what: 'JSON nested without end', body: '['.repeat(200_000), headers: json, status: 400 },
  { what: 'gzip that is none', body: 'not gzip', headers: { ...json, 'content-encoding': 'gzip' }, status: 400 },
  { what: 'a gzip bomb', body: bomb, headers: { ...protobuf, 'content-encoding': 'gzip' }, status: 413 },
  { what: 'a body of 17 MiB', body: Buffer.alloc(17 << 20), headers: protobuf, status: 413 },
  { what: 'a type that nobody knows', body: 'spans, please', headers: { 'content-type': 'text/plain' }, status: 415 },
];

test('refuses what cannot be read with the right status, counts it, and stores what came beside it', async () => {
  const good = traceRequests(refused.length, 1);
  const before = await collector.get<Status>('/status');
  const answers = await Promise.all(
    refused.flatMap(({ body, headers }, index) => [send(body, headers), send(good[index]?.body ?? '', json)]),
  );
  refused.forEach(({ what, status, headers }, index) => {
    const answer = answers[2 * index];
    expect({ what, status: answer?.status }).toEqual({ what, status });
    if (status !== 415) expect(answer?.type).toContain(headers['content-type'] ?? '');
    expect(answers[2 * index + 1]?.status).toBe(200);
  });
  const total = (status: Status) => Object.values(status.refusals).reduce((sum, count) => sum + count, 0);
  const after = await eventually(
    () => collector.get<Status>('/status'),
    (status) => total(status) - total(before) >= refused.length,
  );
  expect(after.refusals).toEqual({
    not_decodable: refused.filter(({ status }) => status === 400).length,
    body_too_large: 2,
    unsupported_media_type: 1,
  });
  const wanted = good.flatMap(({ traceIds }) => traceIds).toSorted();
  const stored = await eventually(
    () => found('service:shelf'),
    (ids) => ids.length >= wanted.length,
  );
  expect(stored.toSorted()).toEqual(wanted);
});

/** The end of a gzip stream says how much is in it, and may lie. */
function lying(body: Buffer): Buffer<ArrayBuffer> {
  const copy = Buffer.from(body);
  copy.writeUInt32LE(10, copy.length - 4);
  return copy;
}

test('unpacks no bomb further than its bound, at any intake, while others are served', async () => {
  const bombs = [
    { encoding: 'gzip', body: bomb },
    { encoding: 'gzip', body: lying(bomb) },
    { encoding: 'deflate', body: deflateSync(Buffer.alloc(80 << 20, ' '), { level: 9 }) },
  ];
  const intakes = [
    ...['traces', 'logs', 'metrics'].flatMap((signal) =>
      [json, protobuf].map((headers) => ({ path: `/v1/${signal}`, headers })),
    ),
    ...['/_bulk', '/app-logs/_bulk'].map((path) => ({ path, headers: { 'content-type': 'application/x-ndjson' } })),
  ];
  for (const { path, headers } of intakes) {
    const answers = await Promise.all([
      ...bombs.map(({ encoding, body }) =>
        fetch(`${collector.otlp}${path}`, {
          method: 'POST',
          body,
          headers: { ...headers, 'content-encoding': encoding },
        }),
      ),
      fetch(`${collector.otlp}/v1/traces`, { method: 'POST', body: traceWith(span(), 'beside a bomb'), headers: json }),
    ]);
    for (const answer of answers) await answer.arrayBuffer();
    expect([path, ...answers.map(({ status }) => status)]).toEqual([path, 413, 413, 413, 200]);
  }
  expect(
    (
      await eventually(
        () => found('service:"beside a bomb"'),
        (ids) => ids.length >= intakes.length,
      )
    ).length,
  ).toBe(intakes.length);
});

test('says which items it left out, and keeps the others of the same request', async () => {
  const ids = [randomBytes(16).toString('hex'), 'abc', '', '0'.repeat(32)];
  const body = {
    resourceSpans: [
      {
        resource: { attributes: [attribute('service.name', 'lengths')] },
        scopeSpans: [{ spans: ids.map((traceId) => span({ traceId })) }],
      },
    ],
  };
  const before = await collector.get<Status>('/status');
  const { status, text } = await send(JSON.stringify(body), json);
  expect(status).toBe(200);
  const { partialSuccess } = JSON.parse(text) as { partialSuccess: { rejectedSpans: string; errorMessage: string } };
  expect(Number(partialSuccess.rejectedSpans)).toBe(3);
  expect(partialSuccess.errorMessage).toMatch(/id/i);
  expect(
    await eventually(
      () => found('service:lengths'),
      (list) => list.length > 0,
    ),
  ).toEqual([ids[0]]);
  const after = await collector.get<Status>('/status');
  expect(after.ingest.traces.rejected_items - before.ingest.traces.rejected_items).toBe(3);
});

test('keeps spans with absurd times, and finds them by id', async () => {
  const times = [
    { startTimeUnixNano: '0', endTimeUnixNano: '0' },
    { startTimeUnixNano: '18446744073709551615', endTimeUnixNano: '18446744073709551615' },
    { startTimeUnixNano: now(), endTimeUnixNano: '1' },
    { startTimeUnixNano: '1', endTimeUnixNano: now() },
  ];
  for (const time of times) {
    const absurd = span(time);
    expect((await send(traceWith(absurd, 'clockless'), json)).status).toBe(200);
    const trace = await eventually(
      () => collector.get<{ columns: { span_id: string[] } }>(`/traces/${absurd.traceId}`).catch(() => undefined),
      (answer) => answer !== undefined,
    );
    expect(trace?.columns.span_id).toEqual([absurd.spanId]);
  }
});

test('gives hostile strings back as data', async () => {
  const hostile = [
    '<script>alert(1)</script>',
    `'; DROP TABLE spans; --`,
    '"; DELETE FROM "spans',
    '\u0000\u0001\u202e\ud83d\ude80',
    '../../etc/passwd',
    '${jndi:ldap://example.org/a}',
    '__proto__',
    '%00%2e%2e/{{7*7}}',
    'service:* OR *',
  ];
  const sent = hostile.map((text) =>
    span({ name: text, attributes: [attribute('hostile', text), attribute(text, 'key')] }),
  );
  for (const [index, one] of sent.entries()) {
    expect((await send(traceWith(one, hostile[index]), json)).status).toBe(200);
  }
  const { services } = await eventually(
    () => collector.get<{ services: { service: string }[] }>('/services'),
    (list) => hostile.every((text) => list.services.some(({ service }) => service === text)),
  );
  expect(services.length).toBeGreaterThanOrEqual(hostile.length);
  for (const [index, { traceId, spanId }] of sent.entries()) {
    const text = hostile[index] ?? '';
    const detail = await collector.get<{ name: string; service: string; attributes: [string, string][] }>(
      `/traces/${traceId}/spans/${spanId}`,
    );
    expect(detail).toMatchObject({ name: text, service: text });
    const attributes = new Map(Object.entries(detail.attributes));
    expect(attributes.get('hostile')).toBe(text);
    expect(attributes.get(text)).toBe('key');
    const service = await fetch(`${collector.ui}/api/orrery/v1/services/${encodeURIComponent(text)}`);
    expect({ text, status: service.status }).toEqual({ text, status: 200 });
  }
});

const cursor = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

test.each([
  ['/traces?q=(((', 400],
  ['/traces?limit=-1', 400],
  ['/traces?from=yesterday-ish', 400],
  ['/traces/not-a-trace-id', 400],
  [`/traces/${'f'.repeat(32)}`, 404],
  ['/traces?cursor=%00', 400],
  [`/traces?cursor=${cursor('beef', 'cafe')}`, 400],
  [`/logs?cursor=${cursor('beef', 'cafe', 'f')}`, 400],
  [`/sagas?cursor=${cursor({}, [])}`, 400],
  ['/nothing-here', 404],
])('answers %s with a problem document and %i', async (path, status) => {
  const response = await fetch(`${collector.ui}/api/orrery/v1${path}`);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.json()).toMatchObject({ status, code: expect.any(String), title: expect.any(String) });
});

test.each([
  ['no JSON', '{"signal":', 400],
  ['another shape', '{"signal":"dreams"}', 400],
  ['a measure without its field', '{"signal":"spans","measures":[{"op":"avg"}]}', 400],
  ['a field that sagas do not have', '{"signal":"sagas","measures":[{"op":"count"}],"group_by":["mood"]}', 400],
  ['a name that would be an injection', '{"signal":"spans","measures":[{"op":"count"}],"group_by":["a\') --"]}', 200],
])('answers a query with %s', async (_what, body, status) => {
  const response = await fetch(`${collector.ui}/api/orrery/v1/query`, { method: 'POST', headers: json, body });
  expect({ status: response.status, text: await response.text() }).toMatchObject({ status });
});
