import { describe, expect, it } from 'vitest';
import { spansOf } from '../../../test/otlp/from-columns.js';
import { decodeTraces } from '../../decode/decode-traces.js';
import { JsonFault } from './json-error.js';
import { jsonToProtobuf } from './json-to-protobuf.js';
import { tracesRequest } from './otlp-schema.js';

const ids = '"traceId":"0123456789ABCDEF0123456789abcdef","spanId":"0123456789abcdef"';

/** The spans of a request whose only span has these fields, written as JSON text. */
function spans(fields: string): Record<string, unknown>[] {
  const json = `{"resourceSpans":[{"scopeSpans":[{"spans":[{${ids},${fields}}]}]}]}`;
  return spansOf(decodeTraces(jsonToProtobuf(Buffer.from(json), tracesRequest)).columns) as Record<string, unknown>[];
}

describe('OTLP/JSON', () => {
  it('takes 64-bit integers as text or number without losing a digit', () => {
    const [span] = spans(
      '"startTimeUnixNano":1790000000123456789, "endTimeUnixNano":"1790000000123456790",' +
        '"attributes":[{"key":"n","value":{"intValue":-9223372036854775808}},{"key":"text","value":{"stringValue":"id: 12345678901234567890, \\"99999999999999999999\\""}}]',
    );
    expect(span).toMatchObject({
      start: 1790000000123456789n,
      end: 1790000000123456790n,
      traceId: '0123456789abcdef0123456789abcdef',
      attributes: [
        ['n', '-9223372036854775808'],
        ['text', 'id: 12345678901234567890, "99999999999999999999"'],
      ],
    });
  });

  it('ignores unknown fields and nulls, and knows no other spelling', () => {
    expect(
      spans('"unknown":{"a":[1]},"name":null,"start_time_unix_nano":"5","status":{"code":2,"detail":1}'),
    ).toMatchObject([{ name: '', start: 0n, status: [2, ''] }]);
  });

  it('writes special doubles', () => {
    const values = ['"NaN"', '"-Infinity"', '"Infinity"', '1e-7', '"0.5"'];
    const attributes = values.map((value) => `{"key":"d","value":{"doubleValue":${value}}}`).join();
    expect(spans(`"attributes":[${attributes}]`)[0]!.attributes).toEqual(
      ['NaN', '-Infinity', 'Infinity', 1e-7, 0.5].map((value) => ['d', value]),
    );
  });

  it.each([
    ['"name":5', /spans\[0\]\.name: text is expected/],
    ['"kind":"SPAN_KIND_SERVER"', /kind: an integer is expected/],
    ['"startTimeUnixNano":1.5', /an integer is expected/],
    ['"attributes":{}', /attributes: an array is expected/],
    ['"attributes":[7]', /attributes\[0\]: an object is expected/],
    ['"status":[]', /status: an object is expected/],
    ['"flags":true', /flags: an integer is expected/],
  ])('says where %s is wrong', (fields, message) => {
    expect(() => spans(fields)).toThrow(message);
  });

  it('refuses brackets without an end before they cost anything', () => {
    for (const body of ['['.repeat(5_000_000), '{"a":'.repeat(2_000_000), '"'.repeat(3), '{"a":"\\']) {
      expect(() => jsonToProtobuf(Buffer.from(body), tracesRequest)).toThrow(JsonFault);
    }
  });
});
