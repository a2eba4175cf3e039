import { expect, it } from 'vitest';
import { b3Header, b3Headers, parseB3 } from './b3.js';
import { W3C_FORMATS } from './formats.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const from = (headers: Record<string, string>) => parseB3(b3Header((name) => headers[name]) ?? '');

it('reads one header and many, long and short ids, and what was decided about sampling', () => {
  const found = { traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true };
  expect(from({ b3: `${TRACE}-${SPAN}-1` })).toEqual(found);
  expect(from({ b3: `${TRACE}-${SPAN}` })).toEqual(found);
  expect(from({ b3: `${TRACE}-${SPAN}-d-${SPAN}` })).toEqual(found);
  expect(from({ b3: `${TRACE}-${SPAN}-0` })).toEqual({ ...found, traceFlags: 0 });
  expect(from({ 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': 'false' })?.traceFlags).toBe(0);
  expect(from({ 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-flags': '1' })?.traceFlags).toBe(1);
  expect(from({ b3: `8448eb211c80319c-${SPAN}` })?.traceId).toBe('00000000000000008448eb211c80319c');
});

it.each([
  '',
  '0',
  '1',
  'd',
  TRACE,
  `${TRACE}-`,
  `${'0'.repeat(32)}-${SPAN}`,
  `${TRACE}-${'0'.repeat(16)}`,
  `g${TRACE}-${SPAN}`,
  `${TRACE}-${SPAN}-2`,
  `${TRACE}-${SPAN}-1`.repeat(9999),
])('takes %.60s for nobody’s parent', (header) => {
  expect(parseB3(header)).toBeUndefined();
});

it('writes what it is asked for', () => {
  const span = { traceId: TRACE, spanId: SPAN, traceFlags: 3 };
  expect(b3Headers(span, { ...W3C_FORMATS, b3: true })).toEqual([['b3', `${TRACE}-${SPAN}-1`]]);
  expect(Object.fromEntries(b3Headers(span, { ...W3C_FORMATS, b3multi: true }))).toEqual({
    'x-b3-traceid': TRACE,
    'x-b3-spanid': SPAN,
    'x-b3-sampled': '1',
  });
});
