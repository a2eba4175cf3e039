import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterNode } from './ast.js';
import type { FilterSignal } from './columns.js';
import { FILTER_LIMITS, parseFilter } from './parse-filter.js';
import { printFilter } from './print-filter.js';

const column = (name: string) => ({ source: 'column', column: name });
const attribute = (name: string) => ({ source: 'attribute', name });
const string = (text: string) => ({ type: 'string', text });

function understood(text: string, signal: FilterSignal = 'spans'): FilterNode {
  const { filter, faults } = parseFilter(text, signal);
  expect(faults).toEqual([]);
  return filter;
}

function faults(text: string, signal: FilterSignal = 'spans') {
  return parseFilter(text, signal).faults;
}

describe('terms', () => {
  it('reads an empty filter, white space and a star as everything', () => {
    for (const text of ['', '  \n', '*', '( * )']) expect(understood(text)).toEqual({ kind: 'all' });
  });

  it('joins neighbours by AND', () => {
    expect(understood('service:checkout status:error')).toEqual({
      kind: 'and',
      nodes: [
        { kind: 'compare', field: column('service'), op: '=', value: string('checkout') },
        { kind: 'compare', field: column('status'), op: '=', value: string('error') },
      ],
    });
  });

  it('binds AND tighter than OR, and NOT tightest', () => {
    expect(understood('NOT a:x b:y OR -c:z')).toEqual(understood('((NOT (a:x)) AND b:y) OR (NOT c:z)'));
  });

  it('takes a path as a value without quotes', () => {
    expect(understood('path:/api/orders/:id')).toEqual({
      kind: 'compare',
      field: attribute('path'),
      op: '=',
      value: string('/api/orders/:id'),
    });
  });

  it('takes an address as text', () => {
    expect(understood('http://bank:8080/pay', 'logs')).toEqual({ kind: 'text', text: 'http://bank:8080/pay' });
  });

  it('reads durations with units as milliseconds', () => {
    const value = (text: string) => {
      const node = understood(`duration>${text}`);
      return node.kind === 'compare' && node.value.type === 'number' ? node.value.number : null;
    };
    expect(['100ns', '5us', '5µs', '100', '100ms', '1.5s', '2m', '1h', '1m30s'].map(value)).toEqual([
      0.0001, 0.005, 0.005, 100, 100, 1500, 120_000, 3_600_000, 90_000,
    ]);
  });

  it('compares attributes with numbers, booleans and strings by how they are written', () => {
    const value = (text: string) => {
      const node = understood(`a:${text}`);
      return node.kind === 'compare' ? node.value : null;
    };
    expect(value('500')).toEqual({ type: 'number', number: 500, text: '500' });
    expect(value('-1.5e3')).toEqual({ type: 'number', number: -1500, text: '-1.5e3' });
    expect(value('9007199254740993')).toMatchObject({ type: 'number', text: '9007199254740993' });
    expect(value('"500"')).toEqual(string('500'));
    expect(value('true')).toEqual({ type: 'boolean', value: true, text: 'true' });
    expect(value('1.2.3')).toEqual(string('1.2.3'));
  });

  it('understands operators with and without spaces, and after a colon', () => {
    const expected = understood('http.response.status_code>=500');
    expect(understood('http.response.status_code >= 500')).toEqual(expected);
    expect(understood('http.response.status_code:>=500')).toEqual(expected);
    expect(understood('a!=b')).toEqual(understood('NOT a:b'));
  });

  it('orders severities, under the names people use', () => {
    expect(understood('severity>=WARNING', 'logs')).toEqual({
      kind: 'compare',
      field: column('severity'),
      op: '>=',
      value: string('warn'),
    });
  });

  it('tells wildcards from literal stars', () => {
    expect(understood('name:pay*')).toEqual({ kind: 'wildcard', field: column('name'), pattern: 'pay*' });
    expect(understood('name:a\\*b')).toEqual({
      kind: 'compare',
      field: column('name'),
      op: '=',
      value: string('a*b'),
    });
    expect(understood('name:"pay*"')).toMatchObject({ kind: 'compare', value: string('pay*') });
    expect(understood('a:*')).toEqual({ kind: 'exists', field: attribute('a') });
    expect(understood('kind:*er')).toEqual(understood('kind:(server OR producer OR consumer)'));
  });

  it('looks for bare words and phrases, and for a pattern when a star stands inside', () => {
    expect(understood('"out of stock"', 'logs')).toEqual({ kind: 'text', text: 'out of stock' });
    expect(understood('stock*', 'logs')).toEqual({ kind: 'text', text: 'stock' });
    expect(understood('why?', 'logs')).toEqual({ kind: 'text', text: 'why?' });
    expect(understood('out*stock', 'logs')).toEqual({
      kind: 'wildcard',
      field: column('body'),
      pattern: '*out*stock*',
    });
    expect(understood('body:timeout', 'logs')).toEqual({ kind: 'text', text: 'timeout' });
  });

  it('resolves OTel names to columns, and keeps a way to an attribute of the same name', () => {
    expect(understood('service.name:x')).toEqual(understood('service:x'));
    expect(understood('attributes.status:200', 'spans')).toMatchObject({ field: attribute('status') });
    expect(understood('status:200', 'logs')).toMatchObject({ field: attribute('status') });
    expect(understood('"ünï códe":x')).toMatchObject({ field: attribute('ünï códe') });
    expect(understood('größe.名前:x')).toMatchObject({ field: attribute('größe.名前') });
  });
});

describe('faults', () => {
  it('names the place and says what to do, for all of them at once', () => {
    expect(faults('status:eror duration>fast (name:x')).toEqual([
      { position: 7, length: 4, message: 'status is never "eror": use one of unset, ok, error.' },
      {
        position: 21,
        length: 4,
        message: 'duration is compared with a duration such as 250ms, 1.5s or 2m, and "fast" is none.',
      },
      { position: 26, length: 1, message: 'This ( is never closed: add a ).' },
    ]);
  });

  it.each([
    ['service:', 8, 'A value is missing'],
    ['a OR', 2, 'OR needs something on both sides'],
    ['AND a', 0, 'AND needs something on both sides'],
    ['NOT', 0, 'NOT needs something after it'],
    ['(a:x', 0, 'never closed'],
    ['a:x)', 3, 'There is no ('],
    ['()', 0, 'nothing between'],
    ['"open', 0, 'quote is never closed'],
    ['>5', 0, 'A field is missing'],
    ['a:(x y)', 5, 'Write OR'],
    ['duration>fast', 9, 'a duration such as'],
    ['kind>client', 5, 'no order'],
    ['severity:warn', 0, 'Only logs have a severity'],
    ['trace.duration>1s', 0, 'whole trace'],
    ['a>100ms', 2, 'no unit'],
    ['na*me:x', 0, 'named in full'],
  ])('%s at %i: %s', (text, position, message) => {
    const [first] = faults(text);
    expect(first).toMatchObject({ position });
    expect(first?.message).toContain(message);
  });

  it('keeps what could be understood', () => {
    expect(parseFilter('service:checkout status:eror', 'spans').filter).toEqual(understood('service:checkout'));
  });

  it('bounds length, depth and terms', () => {
    expect(faults('x'.repeat(FILTER_LIMITS.characters + 1))).toHaveLength(1);
    expect(faults(`${'('.repeat(2000)}a${')'.repeat(2000)}`)).toHaveLength(1);
    expect(faults('NOT '.repeat(1000))).toHaveLength(1);
    expect(faults('a '.repeat(500))).toHaveLength(1);
    expect(faults(`a:(${'b OR '.repeat(500)}c)`)).toHaveLength(1);
  });
});

const signals: FilterSignal[] = ['spans', 'traces', 'logs', 'sagas', 'metrics'];
const piece = fc.oneof(
  fc.constantFrom(
    ...'AND OR NOT - ( ) : > >= != " \\ * ? // :// \\*'.split(' '),
    ...'service duration status kind severity body error 100ms 500 true a.b name'.split(' '),
  ),
  fc.constantFrom(' ', '\t'),
  fc.string({ maxLength: 6, unit: 'binary' }),
  fc.string({ maxLength: 6 }),
);
const filterText = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));

describe('for any text', () => {
  it('parsing never throws, and every fault lies within the text', () => {
    fc.assert(
      fc.property(filterText, fc.constantFrom(...signals), (text, signal) => {
        for (const { position, length, message } of parseFilter(text, signal).faults) {
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position + length).toBeLessThanOrEqual(text.length);
          expect(message).toMatch(/[.]$/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('what was understood prints to text that means the same', () => {
    fc.assert(
      fc.property(filterText, fc.constantFrom(...signals), (text, signal) => {
        const { filter } = parseFilter(text, signal);
        const printed = printFilter(filter, signal);
        expect({ printed, ...parseFilter(printed, signal) }).toEqual({ printed, filter, faults: [] });
      }),
      { numRuns: 3000 },
    );
  });
});
