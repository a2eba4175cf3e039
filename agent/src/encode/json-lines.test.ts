import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ROOT } from '../context/context.js';
import { readLine } from '../record/line-fields.js';
import type { LogRecord } from '../record/log-record.js';
import { JsonLines } from './json-lines.js';
import { encodeLogRecord } from './log.js';
import { ProtoWriter } from './proto-writer.js';

const LIMITS = { attributes: 8, maxChars: 200 };
const SCOPE = { name: 'test', version: '1' };
const lineOf = (text: string) => ({ text, messageKey: 'msg', errorKey: 'err' });

/** Fields of a record in an order that does not depend on where they stood in the line. */
function fieldsOf(record: LogRecord): string[] {
  const writer = new ProtoWriter();
  encodeLogRecord(writer, { timeMs: 1, ...record }, ROOT, LIMITS, new JsonLines(LIMITS));
  const bytes = writer.buffer.subarray(0, writer.position);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  varint();
  expect(varint()).toBe(bytes.length - at);
  const fields: string[] = [];
  while (at < bytes.length) {
    const start = at;
    const wire = varint() & 7;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      const length = varint();
      at += length;
    }
    // The time it was observed at is that of the test.
    if (bytes[start] !== 89) fields.push(bytes.toString('hex', start, at));
  }
  return fields.sort();
}

function isWritten(text: string): boolean {
  return new JsonLines(LIMITS).encode(new ProtoWriter(), lineOf(text));
}

const name = fc.oneof(
  fc.constantFrom('msg', 'err', 'level', 'time', 'pid', 'trace_id', 'correlation.id', 'synthetic', 'req'),
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text !== '__proto__'),
);
const lines = fc
  .dictionary(name, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 10 })
  .map((fields) => JSON.stringify(fields));

it('writes of every line what parsing it would have written', () => {
  fc.assert(
    fc.property(lines, fc.constantFrom('', '\n'), (line, end) => {
      const text = line + end;
      expect(fieldsOf({ scope: SCOPE, line: lineOf(text) })).toEqual(
        fieldsOf({ scope: SCOPE, ...readLine(lineOf(text)) }),
      );
    }),
    { numRuns: 1000 },
  );
});

it('survives whatever a formatter makes', () => {
  fc.assert(
    fc.property(lines, fc.nat(), fc.string({ maxLength: 3 }), (line, at, noise) => {
      const text = line.slice(0, at % line.length) + noise + line.slice((at % line.length) + noise.length);
      expect(() => fieldsOf({ scope: SCOPE, line: lineOf(text) })).not.toThrow();
    }),
    { numRuns: 1000 },
  );
});

it('writes the lines of a web server without parsing them', () => {
  const request = '"req":{"method":"GET","url":"/a?b=\\"c\\"","host":"localhost:1","remotePort":41000}';
  expect(isWritten(`{"level":30,"time":1,"pid":2,"hostname":"h","reqId":"req-1",${request},"msg":"incoming"}\n`)).toBe(
    true,
  );
  expect(isWritten('{"level":30,"res":{"statusCode":200},"responseTime":0.8123459815979004,"msg":"ok"}\n')).toBe(true);
  expect(isWritten('{"list":[1,-2.5e-7,true,false,null,"ü€😀"],"empty":{},"none":[]}')).toBe(true);
});

it.each([
  ['a field that comes twice, the last of which holds', '{"a":1,"a":2}'],
  ['an error, whose parts have names of their own', '{"err":{"type":"Error","message":"no"}}'],
  ['what only looks like JSON', '{"a":01}'],
  ['more attributes than a record may have', JSON.stringify({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1 })],
  ['a text longer than texts may be', `{"a":"${'x'.repeat(201)}"}`],
  ['a line longer than lines are', `{"msg":"${'x'.repeat(20_000)}"}`],
])('leaves to parsing %s', (_, text) => {
  expect(isWritten(text)).toBe(false);
});
