import { INTEGERS, TEXTS } from './hostile-values.js';
import type { Random } from './random.js';

/** One change that knows nothing of what the bytes mean. */
export function mutateBytes(bytes: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  if (bytes.length === 0) return random.bytes(random.int(20));
  const at = random.int(bytes.length);
  const length = 1 + random.int(Math.min(bytes.length - at, random.pick([1, 4, 64, 4096])));
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at + length);
  const changed = Buffer.from(bytes);
  switch (random.int(11)) {
    case 0:
      changed[at] = changed[at]! ^ (1 << random.int(8));
      return changed;
    case 1:
      changed[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x22, 0x5c, 0x7b, random.int(256)]);
      return changed;
    case 2:
      return Buffer.from(before);
    case 3:
      return Buffer.from(bytes.subarray(at));
    case 4:
      return Buffer.concat([before, after]);
    case 5:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 6:
      return Buffer.concat([before, random.bytes(length), after]);
    case 7:
      return Buffer.concat([before, random.pick(TEXTS), bytes.subarray(at)]);
    case 8: {
      const integer = Buffer.alloc(8);
      integer.writeBigUInt64LE(random.pick(INTEGERS));
      if (random.chance(0.5)) integer.reverse();
      integer.copy(changed, at);
      return changed;
    }
    case 9: {
      // The same piece again and again: counts and depths that nobody sends.
      const times = Math.min(random.pick([10, 100, 1000, 5000]), Math.floor(200_000 / length));
      return Buffer.concat([before, Buffer.alloc(times * length, bytes.subarray(at, at + length)), after]);
    }
    default: {
      const other = random.pick(others);
      const from = random.int(other.length);
      return Buffer.concat([before, other.subarray(from, from + 1 + random.int(other.length - from)), after]);
    }
  }
}
