import { expect, it } from 'vitest';
import { withoutValues } from './statement.js';

it.each([
  ["SELECT * FROM users WHERE name = 'O''Brien' AND age > 42", 'SELECT * FROM users WHERE name = ? AND age > ?'],
  ['SELECT $1::int, t1.col2 FROM t1 WHERE x = $2', 'SELECT $1::int, t1.col2 FROM t1 WHERE x = $2'],
  ["INSERT INTO a VALUES (-1.5e3, 'x', E'it\\'s', NULL)", 'INSERT INTO a VALUES (?, ?, E?, NULL)'],
  ['SELECT $$secret text$$, $tag$more$tag$', 'SELECT ?, ?'],
  ["SELECT 'never closed", 'SELECT ?'],
  ['SELECT "quoted name" FROM "t-9"', 'SELECT "quoted name" FROM "t-9"'],
])('takes the values out of %s', (statement, clean) => {
  expect(withoutValues(statement)).toBe(clean);
});

it.each([
  ['SELECT "secret" FROM `t-9` WHERE a = 4', 'SELECT ? FROM `t-9` WHERE a = ?'],
  ['SELECT "it\\"s"', 'SELECT ?'],
])('knows that double quotes are text in MySQL: %s', (statement, clean) => {
  expect(withoutValues(statement, 'mysql')).toBe(clean);
});

it.each([
  ['set bed [1 other arguments]', 'set bed ?'],
  ['GET bed', 'GET bed'],
  ['evalsha 5ab4 9 bull:a:wait {"secret":1}', 'evalsha ?'],
  ['AUTH user secret', 'AUTH ?'],
])('leaves command and key of Redis: %s', (statement, clean) => {
  expect(withoutValues(statement, 'redis')).toBe(clean);
});
