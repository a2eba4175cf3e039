import { expect, test } from 'vitest';
import { complete, completionAt } from './completion.js';

test('completes a field at the start and after a parenthesis', () => {
  expect(completionAt('ser', 3)).toMatchObject({ kind: 'field', prefix: 'ser', from: 0 });
  expect(completionAt('a:1 AND (http.r', 15)).toMatchObject({ kind: 'field', prefix: 'http.r', from: 9 });
});

test('completes a value after a colon, quoted or not, and replaces the opening quote', () => {
  const open = completionAt('service:"pay', 12);
  expect(open).toMatchObject({ kind: 'value', field: 'service', prefix: 'pay', from: 8 });
  expect(open && complete('service:"pay', open, '"payments" ').text).toBe('service:"payments" ');
});

test('offers nothing inside a phrase', () => {
  expect(completionAt('"out of st', 10)).toBeNull();
});
