import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ROOT } from '../context/context.js';
import { JsonLines } from './json-lines.js';
import { encodeLogRecord } from './log.js';
import { ProtoWriter } from './proto-writer.js';

const LIMITS = { attributes: 8, maxChars: 200 };
const LARGEST_MS = 18_446_744_073_708;

it('writes any time to the nanosecond', () => {
  const lines = new JsonLines(LIMITS);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: LARGEST_MS }), fc.constantFrom(0, 0.5, 0.25), (whole, part) => {
      const writer = new ProtoWriter();
      encodeLogRecord(writer, { scope: { name: 'test', version: '' }, timeMs: whole + part }, ROOT, LIMITS, lines);
      // Behind the record's tag, its length and the tag of `time_unix_nano`.
      const nanos = writer.buffer.readBigUInt64LE(3);
      const fraction = BigInt(Math.round((whole + part - Math.floor(whole + part)) * 1e6));
      expect(nanos).toBe(BigInt(Math.floor(whole + part)) * 1_000_000n + fraction);
    }),
  );
});
