import { TEXTS } from './hostile-values.js';
import type { Random } from './random.js';

/** Pieces of JSON text, legal and not, that go where a value was. */
const PIECES: readonly string[] = [
  'null',
  'true',
  '[]',
  '{}',
  '[null]',
  '{"":{}}',
  '""',
  '"NaN"',
  '"-Infinity"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0000"',
  '"\\x41"',
  '"tab\there"',
  '"0x1F"',
  '"ff"',
  '"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"',
  '"zz"',
  '0',
  '-0',
  '-1',
  '00',
  '+1',
  '.5',
  '1.',
  '1e',
  '0x10',
  'NaN',
  'Infinity',
  'undefined',
  '1e999',
  '-1e999',
  '1e-999',
  '1.7976931348623157e308',
  '9007199254740993',
  '-9223372036854775808',
  '9223372036854775808',
  '18446744073709551615',
  '18446744073709551616',
  `${'9'.repeat(400)}`,
  `-${'1'.repeat(5000)}`,
  `0.${'3'.repeat(3000)}`,
  '{"intValue":"99999999999999999999999999"}',
  '{"doubleValue":"1e400"}',
  '{"arrayValue":{"values":null}}',
  '{"kvlistValue":{"values":[{"key":"__proto__","value":{"kvlistValue":{}}}]}}',
  '{"__proto__":{"toString":1}}',
  '{"constructor":{"prototype":1}}',
  '{"bytesValue":"$$$"}',
];

const DEPTHS = [5, 31, 33, 65, 130, 511, 513, 3000];

/** One change to JSON text: a value somewhere in it becomes another, moves, repeats or nests; or the text breaks. */
export function mutateJson(text: Buffer, random: Random): Buffer {
  const places = valuePlaces(text);
  const place = random.pick(places);
  if (place === undefined) return Buffer.from(random.pick(PIECES));
  const [from, to] = place;
  const before = text.subarray(0, from);
  const value = text.subarray(from, to);
  const after = text.subarray(to);
  const put = (...pieces: (Buffer | string)[]) =>
    Buffer.concat([before, ...pieces.map((piece) => Buffer.from(piece as string)), after]);
  switch (random.int(10)) {
    case 0:
    case 1:
    case 2:
      return put(random.pick(PIECES));
    case 3:
      return put('"', random.pick(TEXTS), '"');
    case 4: {
      const depth = random.pick(DEPTHS);
      return random.chance(0.5)
        ? put('['.repeat(depth), value, ']'.repeat(depth))
        : put('{"arrayValue":{"values":['.repeat(depth), value, ']}}'.repeat(depth));
    }
    case 5: {
      const times = Math.max(2, Math.min(random.pick([3, 100, 5000]), Math.floor(300_000 / (value.length + 1))));
      return put('[', Buffer.alloc(times * (value.length + 1) - 1, Buffer.concat([value, Buffer.from(',')])), ']');
    }
    case 6: {
      const other = random.pick(places)!;
      return put(text.subarray(other[0], other[1]));
    }
    case 7:
      return put(value, random.pick([',', ',,', ':1', '\0', '//x', '/**/', ' ', '\u00a0', '"', '}', ']']));
    case 8:
      return Buffer.concat([Buffer.from(random.pick(['\ufeff', ' ', '\n', '\0', '[', 'x'])), text]);
    default:
      return Buffer.concat([text, Buffer.from(random.pick(['\ufeff', ' ', '\0', ']', '}', '{}', ',', 'x']))]);
  }
}

/** Where values stand that are texts, numbers, words or whole brackets; found without parsing, so broken text has some. */
function valuePlaces(text: Buffer): [from: number, to: number][] {
  const places: [number, number][] = [];
  const open: number[] = [];
  const source = text.toString('latin1');
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]]|[-+.\w]+/gs;
  for (let match = tokens.exec(source); match !== null && places.length < 5000; match = tokens.exec(source)) {
    const [token] = match;
    if (token === '{' || token === '[') open.push(match.index);
    else if (token === '}' || token === ']') {
      const from = open.pop();
      if (from !== undefined) places.push([from, match.index + 1]);
    } else places.push([match.index, match.index + token.length]);
  }
  return places;
}
