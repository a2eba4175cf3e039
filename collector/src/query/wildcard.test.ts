import fc from 'fast-check';
import { expect, it } from 'vitest';
import { literalInPattern, patternParts, patternText, wildcardMatches } from './wildcard.js';

it('matches whole values, whatever the ASCII case', () => {
  expect(wildcardMatches('pay*', 'PAYment')).toBe(true);
  expect(wildcardMatches('pay*', 'repay')).toBe(false);
  expect(wildcardMatches('*a?c*', 'xxabcxx')).toBe(true);
  expect(wildcardMatches('?', '😀')).toBe(true);
  expect(wildcardMatches('É', 'é')).toBe(false);
  expect(wildcardMatches('a\\*', 'ab')).toBe(false);
});

it('matches every text by itself, written literally', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, around) => {
      const pattern = [...text].map(literalInPattern).join('');
      expect(patternText(patternParts(pattern))).toBe(pattern);
      expect(wildcardMatches(pattern, text)).toBe(true);
      expect(wildcardMatches(`*${pattern}*`, `${around}${text}${around}`)).toBe(true);
    }),
  );
});

it('stays quick on a pattern made to be slow', () => {
  expect(wildcardMatches(`${'a*'.repeat(30)}b`, 'a'.repeat(2000))).toBe(false);
});
