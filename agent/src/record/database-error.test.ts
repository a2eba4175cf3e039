import { expect, it } from 'vitest';
import { errorWithoutValues } from './database-error.js';

it.each([
  ["Duplicate entry 'ann@example.org' for key 'email'", "Duplicate entry '?'"],
  ["near ''secret' WHERE x = 'y' at line 1", "near '?' at line 1"],
  ['invalid input syntax for type integer: "secret "x" y"', 'invalid input syntax for type integer: "?"'],
  ['relation "nothing" does not exist', 'relation "nothing" does not exist'],
  ['ERR value is not an integer or out of range', 'ERR value is not an integer or out of range'],
])('takes the values out of %s', (message, clean) => {
  expect(errorWithoutValues(message)).toBe(clean);
});
