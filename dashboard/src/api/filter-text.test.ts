import { expect, test } from 'vitest';
import { both, clause, facetClause, holds, without } from './filter-text.js';

test('quotes a value so that nothing in it is syntax', () => {
  expect(clause('name', 'say "hi" \\ OR x')).toBe('name:"say \\"hi\\" \\\\ OR x"');
});

test('leaves numbers and booleans of a facet outside quotes, because quoted they match strings only', () => {
  expect(facetClause('http.response.status_code', '500')).toBe('http.response.status_code:500');
  expect(facetClause('service.version', '1.9.3')).toBe('service.version:"1.9.3"');
  expect(facetClause('synthetic', 'true', false)).toBe('NOT synthetic:true');
});

test('joins clauses once, keeps an OR together, and takes a clause away again', () => {
  const filter = both('a:1 OR b:2', 'c:3');
  expect(filter).toBe('(a:1 OR b:2) AND c:3');
  expect(both(filter, 'c:3')).toBe(filter);
  expect(holds(filter, 'c:3')).toBe(true);
  expect(without('a:1 AND b:2', 'a:1')).toBe('b:2');
});
