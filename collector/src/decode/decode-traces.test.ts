import { describe, expect, it } from 'vitest';
import { encode, Traces } from '../../test/otlp/otlp-messages.js';
import { ABSENT, type SpanColumns } from '../telemetry/span-columns.js';
import { DecodeError } from './decode-error.js';
import { decodeTraces } from './decode-traces.js';
import { attributesObject, findAttribute, hexAt, keyBytes, textAt } from './text.js';

const span = {
  traceId: Buffer.from('0123456789abcdef0123456789abcdef', 'hex'),
  spanId: Buffer.from('0123456789abcdef', 'hex'),
  name: 'GET /héllo',
  kind: 2,
  startTimeUnixNano: '1700000000123456789',
  endTimeUnixNano: '1700000000223456789',
  attributes: [
    { key: 'http.route', value: { stringValue: '/a' } },
    { key: 'big', value: { intValue: '9223372036854775807' } },
    { key: 'small', value: { intValue: -3 } },
    { key: 'ratio', value: { doubleValue: 0.25 } },
    { key: 'yes', value: { boolValue: true } },
    { key: '__proto__', value: { stringValue: 'plain' } },
    { key: 'list', value: { arrayValue: { values: [{ intValue: 1 }, { stringValue: 'b' }] } } },
    { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { intValue: '-9007199254740993' } }] } } },
    { key: 'raw', value: { bytesValue: Buffer.from([1, 2, 255]) } },
  ],
  events: [{ timeUnixNano: '5', name: 'boom', attributes: [{ key: 'e', value: { intValue: 1 } }] }],
  links: [{ traceId: Buffer.alloc(16, 7), spanId: Buffer.alloc(8, 9) }],
  status: { code: 2, message: 'bad' },
  flags: 257,
};

function request(...spans: object[]): Uint8Array {
  return encode(Traces, {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [{ scope: { name: 'lib', version: '1.2' }, spans }],
      },
    ],
  });
}

function attributesOf(columns: SpanColumns, row: number) {
  return attributesObject(columns, columns.attribute.from[row]!, columns.attribute.to[row]!);
}

describe('decodeTraces', () => {
  it('finds every field of a span in the bytes', () => {
    const { columns, report } = decodeTraces(request(span));
    expect(report).toEqual({ rejected: 0, reason: '' });
    expect(columns.count).toBe(1);
    expect(hexAt(columns.bytes, columns.traceId[0]!, 16)).toBe('0123456789abcdef0123456789abcdef');
    expect(hexAt(columns.bytes, columns.spanId[0]!, 8)).toBe('0123456789abcdef');
    expect(columns.parentSpanId[0]).toBe(ABSENT);
    expect(textAt(columns.bytes, columns.name.offset[0]!, columns.name.length[0]!)).toBe('GET /héllo');
    expect([columns.kind[0], columns.statusCode[0], columns.flags[0]]).toEqual([2, 2, 257]);
    expect(columns.startNano[0]).toBe(1700000000123456789n);
    expect(columns.endNano[0]).toBe(1700000000223456789n);
    expect(textAt(columns.bytes, columns.statusMessage.offset[0]!, columns.statusMessage.length[0]!)).toBe('bad');
    expect(Object.entries(attributesOf(columns, 0))).toEqual([
      ['http.route', '/a'],
      ['big', '9223372036854775807'],
      ['small', -3],
      ['ratio', 0.25],
      ['yes', true],
      ['__proto__', 'plain'],
      ['list', [1, 'b']],
      ['map', { k: '-9007199254740993' }],
      ['raw', 'AQL/'],
    ]);
    expect(columns.event.to[0]! - columns.event.from[0]!).toBe(1);
    expect(columns.events.timeNano[0]).toBe(5n);
    expect(attributesObject(columns, columns.events.attribute.from[0]!, columns.events.attribute.to[0]!)).toEqual({
      e: 1,
    });
    expect(hexAt(columns.bytes, columns.links.traceId[0]!, 16)).toBe('07'.repeat(16));
    const resource = columns.resources.attributes;
    expect(attributesObject(columns, resource.from[0]!, resource.to[0]!)).toEqual({ 'service.name': 'shop' });
    expect(findAttribute(columns, 0, columns.attributes.count, keyBytes('ratio'))).toBeGreaterThan(0);
    expect(findAttribute(columns, 0, columns.attributes.count, keyBytes('ratix'))).toBe(-1);
  });

  it('leaves out spans with ids of a wrong length and keeps the others', () => {
    const { columns, report } = decodeTraces(
      request(
        { ...span, traceId: Buffer.alloc(15, 1) },
        span,
        { ...span, spanId: Buffer.alloc(0) },
        { ...span, traceId: Buffer.alloc(16) },
        { ...span, parentSpanId: Buffer.alloc(9, 1) },
        { ...span, name: 'last' },
      ),
    );
    expect(columns.count).toBe(2);
    expect(columns.events.count).toBe(2);
    expect(textAt(columns.bytes, columns.name.offset[1]!, columns.name.length[1]!)).toBe('last');
    expect(attributesOf(columns, 1)).toEqual(attributesOf(columns, 0));
    expect(report.rejected).toBe(4);
    expect(report.reason).toMatch(/^trace_id has 15 bytes instead of 16 in the span at byte \d+$/);
  });

  it('keeps attribute ranges whole when a sender mixes events between attributes', () => {
    const event = encode(Traces.root.lookupType('otlp.Span'), { events: span.events });
    const head = encode(Traces.root.lookupType('otlp.Span'), { traceId: span.traceId, spanId: span.spanId });
    const first = encode(Traces.root.lookupType('otlp.Span'), { attributes: span.attributes.slice(0, 1) });
    const second = encode(Traces.root.lookupType('otlp.Span'), { attributes: span.attributes.slice(3, 4) });
    const body = Buffer.concat([head, event, first, event, second]);
    const wrapped = [2, 1].reduce<Buffer>((inner, field) => nest(field, inner), nest(2, body));
    const { columns } = decodeTraces(wrapped);
    expect(attributesOf(columns, 0)).toEqual({ 'http.route': '/a', ratio: 0.25 });
    expect(columns.event.to[0]! - columns.event.from[0]!).toBe(2);
  });

  it('refuses a body cut at any byte, or reads a shorter one that was whole', () => {
    const whole = request(span, span);
    for (let length = 1; length < whole.length; length++) {
      expect(() => decodeTraces(whole.subarray(0, length)), `cut at ${length}`).toThrow(DecodeError);
    }
  });

  it('refuses bodies that would take many times their size in memory', () => {
    const attributes = Buffer.alloc(3 << 20, Buffer.from([0x4a, 0]));
    expect(() => decodeTraces(nest(1, nest(2, nest(2, attributes))))).toThrow(/more than 1048576 items/);
    const events = Buffer.concat([Buffer.alloc(3 << 20, Buffer.from([0x5a, 0]))]);
    expect(() => decodeTraces(nest(1, nest(2, nest(2, events))))).toThrow(/more than 1048576 items/);
    const emptySpans = Buffer.alloc(3 << 20, Buffer.from([0x12, 0]));
    expect(decodeTraces(nest(1, nest(2, emptySpans)))).toMatchObject({
      columns: { count: 0 },
      report: { rejected: 3 << 19 },
    });
  });

  it('refuses nesting without an end', () => {
    let value: Buffer = Buffer.from([8, 1]);
    for (let depth = 0; depth < 5000; depth++) value = nest(5, nest(1, value));
    const attribute = nest(9, nest(2, value));
    const body = nest(1, nest(2, nest(2, attribute)));
    expect(() => decodeTraces(body)).toThrow(/nested deeper than 64/);
  });
});

function nest(field: number, inner: Buffer): Buffer {
  const head: number[] = [(field << 3) | 2];
  let length = inner.length;
  while (length > 127) {
    head.push((length & 127) | 128);
    length >>>= 7;
  }
  return Buffer.concat([Buffer.from([...head, length]), inner]);
}
