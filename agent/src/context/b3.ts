import type { SpanContext } from '@opentelemetry/api';
import type { Formats } from './formats.js';

const MULTI = { traceId: 'x-b3-traceid', spanId: 'x-b3-spanid', sampled: 'x-b3-sampled', flags: 'x-b3-flags' };
export const B3_FIELDS: readonly string[] = ['b3', ...Object.values(MULTI)];

/** `b3: <trace id>-<span id>[-<sampling>[-<parent>]]`; a decision without ids continues nothing. */
const SINGLE = /^([\da-f]{16}|[\da-f]{32})-([\da-f]{16})(?:-([01d]))?(?:-[\da-f]{16})?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** What came in B3's headers, many or one, as its one header; `read` gives a header by its name in lower case. */
export function b3Header(read: (name: string) => string | undefined): string | undefined {
  const single = read('b3');
  if (single !== undefined) return single;
  const traceId = read(MULTI.traceId);
  const spanId = read(MULTI.spanId);
  if (traceId === undefined || spanId === undefined) return undefined;
  const sampled = read(MULTI.flags) === '1' ? 'd' : read(MULTI.sampled);
  return `${traceId}-${spanId}${sampled === undefined ? '' : `-${SAMPLED[sampled] ?? sampled}`}`;
}

/** Old senders write words. */
const SAMPLED: Readonly<Record<string, string>> = { true: '1', false: '0' };

/** `undefined` for anything that is not valid, whatever it is. A decision that was deferred is ours: sampled. */
export function parseB3(header: string): SpanContext | undefined {
  const [, id = '', spanId = '', sampled = '1'] = SINGLE.exec(header.trim().toLowerCase()) ?? [];
  const traceId = id.padStart(32, '0');
  if (traceId === NO_TRACE || spanId === '' || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, traceFlags: sampled === '0' ? 0 : 1, isRemote: true };
}

export function b3Headers({ traceId, spanId, traceFlags }: SpanContext, formats: Formats): [string, string][] {
  const sampled = String(traceFlags & 1);
  const headers: [string, string][] = [];
  if (formats.b3) headers.push(['b3', `${traceId}-${spanId}-${sampled}`]);
  if (formats.b3multi) headers.push([MULTI.traceId, traceId], [MULTI.spanId, spanId], [MULTI.sampled, sampled]);
  return headers;
}
