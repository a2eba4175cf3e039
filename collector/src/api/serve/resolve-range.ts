import type { ResolvedRange } from '../contract/index.js';
import { ApiError } from './api-error.js';

const RELATIVE = /^now(?:([+-])(\d{1,9})([smhdw]))?$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** ISO 8601 as far as it names an instant: a date alone is its midnight in UTC, and a time needs a zone. */
const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d))?$/;
/** Up to the year 9999: beyond it ISO 8601 and the stores' types end. */
const LAST_MS = 253_402_300_799_999;

/** Unix milliseconds of an instant (`now-15m`, ISO 8601, milliseconds); null when it is none. */
export function instantMs(text: string, nowMs: number): number | null {
  const relative = RELATIVE.exec(text);
  const ms = relative
    ? nowMs + (relative[1] === '-' ? -1 : 1) * Number(relative[2] ?? 0) * (UNIT_MS[relative[3] ?? ''] ?? 0)
    : /^\d{1,15}$/.test(text)
      ? Number(text)
      : ISO.test(text)
        ? Date.parse(text)
        : Number.NaN;
  return Number.isFinite(ms) && ms >= 0 && ms <= LAST_MS ? Math.floor(ms) : null;
}

/** The range of a question, in milliseconds. @throws ApiError `range_invalid` naming the bound that is wrong. */
export function resolveRange(query: { from: string; to: string }, nowMs: number): ResolvedRange {
  const from = instantMs(query.from, nowMs);
  const to = instantMs(query.to, nowMs);
  const faults = [];
  const message = 'is no instant: write now-15m, 2026-01-31T08:00:00Z or Unix milliseconds';
  if (from === null) faults.push({ path: 'from', message });
  if (to === null) faults.push({ path: 'to', message });
  if (from !== null && to !== null && from >= to) faults.push({ path: 'to', message: 'must be later than from' });
  if (from === null || to === null || faults.length > 0) {
    const detail = faults.map((fault) => `${fault.path} ${fault.message}`).join('; ');
    throw new ApiError('range_invalid', detail, { faults });
  }
  return { from_ms: from, to_ms: to };
}
