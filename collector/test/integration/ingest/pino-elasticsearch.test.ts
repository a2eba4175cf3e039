import pino from 'pino';
import pinoElastic from 'pino-elasticsearch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeLogs } from '../../../src/decode/decode-logs.js';
import { attributesObject, attributeValue, hexAt, textAt } from '../../../src/decode/text.js';
import { startIngest, type TestIngest } from './start-ingest.js';

let ingest: TestIngest;
beforeEach(async () => {
  ingest = await startIngest();
});
afterEach(() => ingest.stop());

/** All log lines in the log, as plain objects. */
async function lines() {
  const records = await ingest.records();
  return records.flatMap(({ body }) => {
    const { columns } = decodeLogs(body);
    return Array.from({ length: columns.count }, (_, row) => {
      const resource = columns.resource[row]!;
      const { from, to } = columns.resources.attributes;
      return {
        time: columns.timeNano[row]!,
        severity: columns.severityNumber[row]!,
        severityText: textAt(columns.bytes, columns.severityText.offset[row]!, columns.severityText.length[row]!),
        body: attributeValue(columns, columns.body[row]!),
        traceId: hexAt(columns.bytes, columns.traceId[row]!, 16),
        spanId: hexAt(columns.bytes, columns.spanId[row]!, 8),
        attributes: attributesObject(columns, columns.attribute.from[row]!, columns.attribute.to[row]!),
        resource: attributesObject(columns, from[resource]!, to[resource]!),
      };
    });
  });
}

function bulk(body: string, path = '/_bulk') {
  return fetch(ingest.url + path, { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' }, body });
}

describe('_bulk intake', () => {
  it('takes the lines of an unmodified pino-elasticsearch', async () => {
    const stream = pinoElastic({
      node: ingest.url,
      index: 'shop-%{DATE}',
      flushBytes: 200,
      flushInterval: 20,
      esVersion: 8,
    });
    const faults: unknown[] = [];
    for (const event of ['error', 'insertError', 'unknown']) stream.on(event, (fault: unknown) => faults.push(fault));
    const logger = pino({ name: 'orders', level: 'debug' }, stream);
    logger.info(
      { trace_id: 'ab'.repeat(16), span_id: 'cd'.repeat(8), correlation_id: 'r7', order: { id: 5, tags: ['a'] } },
      'order placed',
    );
    logger.error(new Error('bank away'));
    for (let i = 0; i < 50; i++) logger.debug({ i }, 'counting');
    const inserted = new Promise((resolve) => stream.on('insert', resolve));
    stream.end();
    expect(await inserted).toMatchObject({ total: 52, failed: 0, successful: 52 });
    expect(faults).toEqual([]);
    const all = await lines();
    expect(all).toHaveLength(52);
    expect(all[0]).toMatchObject({
      severity: 9,
      severityText: 'INFO',
      body: 'order placed',
      traceId: 'ab'.repeat(16),
      spanId: 'cd'.repeat(8),
      attributes: { 'correlation.id': 'r7', order: { id: 5, tags: ['a'] }, name: 'orders' },
      resource: { 'service.name': 'orders', 'process.pid': process.pid },
    });
    expect(Math.abs(Number(all[0]!.time / 1_000_000n) - Date.now())).toBeLessThan(60_000);
    expect(all[1]).toMatchObject({
      severity: 17,
      attributes: {
        'exception.type': 'Error',
        'exception.message': 'bank away',
        'exception.stacktrace': expect.stringContaining('at '),
      },
    });
    expect(new Set(all.slice(2).map(({ attributes }) => attributes.i)).size).toBe(50);
  });

  it('answers every item of a bulk body for itself', async () => {
    const body = [
      '{"create":{"_index":"logs-a","_id":"7"}}',
      '{"@timestamp":"2026-01-02T03:04:05.123456789Z","log.level":"warn","message":"ecs","trace":{"id":"' +
        'ab'.repeat(16) +
        '"},"service":{"name":"svc"},"big":12345678901234567890}',
      '{"index":{}}',
      'not json',
      '{"delete":{"_id":"7"}}',
      '{"update":{"_id":"7"}}',
      '{"doc":{}}',
      '{"index":{}}',
      '{"time":"yesterday-ish","msg":"x"}',
      '{"index":{}}',
      '{"password":"hunter2","msg":"kept"}',
      '',
    ].join('\n');
    const response = await bulk(body, '/shop/_bulk');
    expect([response.status, response.headers.get('x-elastic-product')]).toEqual([200, 'Elasticsearch']);
    const answer = (await response.json()) as {
      errors: boolean;
      items: Record<string, { status: number }>[];
    };
    expect(answer.errors).toBe(true);
    expect(answer.items.map((item) => [Object.keys(item)[0], Object.values(item)[0]!.status])).toEqual([
      ['create', 201],
      ['index', 400],
      ['delete', 400],
      ['update', 400],
      ['index', 400],
      ['index', 201],
    ]);
    expect(answer.items[0]!.create).toMatchObject({ _index: 'logs-a', _id: '7' });
    expect(answer.items[1]!.index).toMatchObject({ _index: 'shop' });
    const [first, second] = await lines();
    expect(first).toMatchObject({
      time: 1767323045123456789n,
      severity: 13,
      body: 'ecs',
      traceId: 'ab'.repeat(16),
      resource: { 'service.name': 'svc' },
      attributes: { big: '12345678901234567890' },
    });
    expect(second).toMatchObject({ body: 'kept', time: 0n, attributes: { password: '[redacted]' } });
  });

  it('refuses a broken action line in the words of Elasticsearch', async () => {
    const response = await bulk('{"bogus":{}}\n{}\n');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      status: 400,
      error: { reason: expect.stringContaining('Malformed action/metadata line [1]') },
    });
  });

  it('answers what clients ask before they send', async () => {
    const head = await fetch(ingest.url, { method: 'HEAD' });
    expect([head.status, head.headers.get('x-elastic-product')]).toEqual([200, 'Elasticsearch']);
    expect(await (await fetch(ingest.url)).json()).toMatchObject({ tagline: 'You Know, for Search' });
    const refresh = await fetch(`${ingest.url}/pino/_refresh`, {
      method: 'POST',
      headers: { Accept: 'application/vnd.elasticsearch+json; compatible-with=8' },
    });
    expect(refresh.headers.get('content-type')).toMatch(/^application\/vnd\.elasticsearch\+json/);
  });

  it('asks bulk clients to come again, item by item, when the log is full', async () => {
    const small = await startIngest({ log: { max_bytes: 4096, segment_bytes: 1024, min_free_bytes: 0 } });
    try {
      const send = async (i: number) => {
        const response = await fetch(`${small.url}/_bulk`, {
          method: 'POST',
          body: `{"index":{}}\n{"msg":"${i} ${'x'.repeat(300)}"}\n`,
        });
        return ((await response.json()) as { items: { index: { status: number } }[] }).items[0]!.index.status;
      };
      let sent = 0;
      while ((await send(sent)) === 201) sent++;
      expect(sent).toBeGreaterThan(2);
      expect(await send(sent)).toBe(429);
    } finally {
      await small.stop();
    }
  });
});
