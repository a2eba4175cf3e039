import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseTraceParent, traceParentHeader } from './trace-parent.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

it('reads what it writes', () => {
  const header = traceParentHeader({ traceId: TRACE, spanId: SPAN, traceFlags: 1 });
  expect(header).toBe(`00-${TRACE}-${SPAN}-01`);
  expect(parseTraceParent(header, undefined)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
});

it('keeps only the sampled flag of unknown flags', () => {
  expect(parseTraceParent(`00-${TRACE}-${SPAN}-ff`, undefined)?.traceFlags).toBe(3);
  expect(parseTraceParent(`00-${TRACE}-${SPAN}-fe`, undefined)?.traceFlags).toBe(2);
});

it('answers any text without throwing, and nothing but valid ids', () => {
  const almost = fc
    .array(fc.constantFrom('0', 'a', 'f', 'F', '-', 'g', ' '), { minLength: 50, maxLength: 60 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(fc.string(), almost), (text) => {
      const parsed = parseTraceParent(text, undefined);
      return parsed === undefined || (/^[0-9a-f]{32}$/.test(parsed.traceId) && /^[0-9a-f]{16}$/.test(parsed.spanId));
    }),
  );
});
