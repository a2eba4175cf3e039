import { describe, expect, it } from 'vitest';
import { HttpCheckFile, type HttpExpectation } from '../../check/http-check.js';
import { answerFaults } from './answer-faults.js';

const answer = (more: object = {}) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"items":[{"price":3},{"price":9}],"name":"Ada","none":null,"tags":["old","rare"]}',
  timings: { connect_ms: 1, first_byte_ms: 2, total_ms: 120 },
  ...more,
});
const wanted = (expectation: object): HttpExpectation => {
  const steps = [{ name: 'a', request: { url: 'http://a' }, expect: expectation }];
  const parsed = HttpCheckFile.parse({ name: 'a', title: 'A', every: '1s', steps });
  return parsed.steps[0]?.expect ?? {};
};
const faults = (expectation: object, more: object = {}) => answerFaults(answer(more), wanted(expectation));

describe('an answer', () => {
  it.each([
    [{}],
    [{ status: 200 }],
    [{ status: [200, 404] }],
    [{ status: '2xx' }],
    [{ headers: { 'Content-Type': { contains: 'json' }, 'x-none': { exists: false } } }],
    [{ body: { contains: ['Ada', 'items'], not_contains: 'error', matches: '"name":"\\w+"' } }],
    [{ json: [{ path: '$.items[*].price', at_least: 3, at_most: 9, count: 2 }] }],
    [
      {
        json: [
          { path: '$.tags', contains: 'old' },
          { path: '$.items[?@.price > 5]', count: { at_least: 1 } },
        ],
      },
    ],
    [
      {
        json: [
          { path: '$.items[0]', equals: { price: 3 } },
          { path: '$.none', equals: null },
          { path: '$.gone', exists: false },
        ],
      },
    ],
    [{ max_duration: '1s' }],
  ])('holds %j', (expectation) => {
    expect(faults(expectation)).toEqual([]);
  });

  it.each([
    [{ status: [201, 202] }, 'status is 200, expected 201 or 202'],
    [{ headers: { etag: 'x' } }, 'header etag is missing'],
    [{ headers: { 'content-type': 'text/html' } }, 'header content-type is "application/json", expected "text/html"'],
    [{ body: { contains: 'Bob' } }, 'body does not contain "Bob"'],
    [{ json: [{ path: '$.gone' }] }, '$.gone is not there'],
    [{ json: [{ path: '$.items[*].price', at_most: 5 }] }, '$.items[*].price is 9, expected at most 5'],
    [{ json: [{ path: '$.name', greater_than: 1 }] }, '$.name is "Ada", expected greater than 1'],
    [{ json: [{ path: '$.items[*]', count: 3 }] }, 'count of $.items[*] is 2, expected 3'],
    [{ json: [{ path: '$.name', exists: false }] }, '$.name is there, expected nothing'],
    [{ max_duration: '100ms' }, 'took 120 ms, expected at most 100 ms'],
  ])('does not hold %j', (expectation, fault) => {
    expect(faults(expectation)).toEqual([fault]);
  });

  it('without JSON says so instead of falling over', () => {
    expect(faults({ json: [{ path: '$.a' }] }, { body: '<html>' })).toEqual(['body is not JSON: "<html>"']);
  });
  it('of 400 and above is bad unless it is wanted', () => {
    expect(faults({}, { status: 404 })).toEqual(['status is 404, expected below 400']);
    expect(faults({ status: 404 }, { status: 404 })).toEqual([]);
  });
});
