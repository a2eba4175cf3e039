import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JsonCursor } from './json-cursor.js';

it('reads a number of any length as JSON.parse does', () => {
  const digits = (minLength: number) =>
    fc.stringMatching(/^\d*$/, { size: 'medium' }).map((text) => text.slice(0, 30).padStart(minLength, '7'));
  const cursor = new JsonCursor();
  fc.assert(
    fc.property(fc.constantFrom('', '-'), digits(1), digits(0), (sign, whole, fraction) => {
      const text = `${sign}${BigInt(whole)}${fraction === '' ? '' : `.${fraction}`}`;
      cursor.load(`${text},`);
      expect(cursor.number()).toBe(JSON.parse(text));
      expect(cursor.at).toBe(text.length);
    }),
    { numRuns: 5000 },
  );
});

it.each(['9007199254740991', '9007199254740992', '9007199254740993', '0.9007199254740993', '12.345600128173828'])(
  'reads %s as JSON.parse does',
  (text) => {
    const cursor = new JsonCursor();
    cursor.load(`${text}}`);
    expect(cursor.number()).toBe(JSON.parse(text));
  },
);
