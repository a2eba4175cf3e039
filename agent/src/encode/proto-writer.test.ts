import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, text } from '../../test/sink/proto-reader.js';
import { ProtoWriter } from './proto-writer.js';

function written(work: (writer: ProtoWriter) => void, initialBytes = 8): Buffer {
  const writer = new ProtoWriter(initialBytes);
  work(writer);
  return Buffer.from(writer.buffer.subarray(0, writer.position));
}

describe('the protobuf writer', () => {
  it('writes every safe integer as the reader reads it', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const bytes = written((writer) => {
          writer.varint(8);
          writer.int64(value);
        });
        expect(BigInt.asIntN(64, fieldsOf(bytes)[0]?.value as bigint)).toBe(BigInt(value));
      }),
    );
  });

  it('writes any text as UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (value) => {
        expect(text(fieldsOf(written((writer) => writer.stringField(10, value))), 1)).toBe(
          Buffer.from(value).toString(),
        );
      }),
    );
  });

  it('writes minimal lengths whatever the guess was', () => {
    for (const length of [0, 1, 127, 128, 16_383, 16_384, 70_000, 2_097_152]) {
      for (const guess of [1, 2, 3] as const) {
        const bytes = written((writer) => {
          const mark = writer.open(10, guess);
          writer.raw(Buffer.alloc(length, 7));
          writer.close(mark, guess);
        });
        const plain = written((writer) => writer.bytesField(10, Buffer.alloc(length, 7)));
        expect(bytes.equals(plain)).toBe(true);
      }
    }
  });

  it('writes a short pair in one go, and nothing when it is not ASCII', () => {
    const writer = new ProtoWriter(8);
    expect(writer.shortPair(74, 'http.route', '/orders/ü')).toBe(false);
    expect(writer.position).toBe(0);
    expect(writer.shortPair(74, 'http.route', '/orders')).toBe(true);
    const slow = written((other) => {
      const pair = other.open(74);
      other.stringField(10, 'http.route');
      const value = other.open(18);
      other.stringField(10, '/orders');
      other.close(value);
      other.close(pair);
    });
    expect(Buffer.from(writer.buffer.subarray(0, writer.position)).equals(slow)).toBe(true);
  });
});
