import { z } from 'zod';

/** Base of Orrery's own API. */
export const API_BASE = '/api/orrery/v1';

/** 32 lower-case hex digits. */
export const TraceId = z.string().regex(/^[0-9a-f]{32}$/, 'a trace id is 32 lower-case hex digits');
/** 16 lower-case hex digits. */
export const SpanId = z.string().regex(/^[0-9a-f]{16}$/, 'a span id is 16 lower-case hex digits');
/** Nanoseconds since the Unix epoch, as decimal text: they do not fit a JSON number. */
export const UnixNanoText = z.string().regex(/^\d{1,20}$/);

/**
 * An instant in a request: ISO 8601, Unix milliseconds, or relative to now (`now`, `now-15m`, `now-2h`, `now-7d`;
 * units s, m, h, d, w).
 */
export const Instant = z.string().min(1).max(64);

/** The time range of a question. Bounds are resolved by the server, and the answer repeats what they became. */
export const RangeQuery = z.object({
  from: Instant.default('now-15m'),
  to: Instant.default('now'),
});

/** A range as the server resolved it, in Unix milliseconds; `to` is exclusive. */
export const ResolvedRange = z.object({ from_ms: z.number(), to_ms: z.number() });
export type ResolvedRange = z.infer<typeof ResolvedRange>;

/** A filter in Orrery's query language (docs/query-language.md). Empty means everything. */
export const Filter = z.string().max(4096).default('');

/** Synthetic traffic is kept out of business figures unless it is asked for. */
export const SyntheticTraffic = z.enum(['exclude', 'include', 'only']);
export type SyntheticTraffic = z.infer<typeof SyntheticTraffic>;

/** Empty means every environment. */
export const Environment = z.string().max(128).default('');

/** What every list says about itself: `truncated` when a limit cut it, `sampled` when it was not computed over everything. */
export const Completeness = z.object({ truncated: z.boolean(), sampled: z.boolean() });

/** Opaque; only good for the same query. */
export const Cursor = z.string().max(2048);

/** 64-bit integers beyond 2⁵³ come as text. */
export const AttributeValue: z.ZodType<AttributeValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(AttributeValue),
    z.record(z.string(), AttributeValue),
  ]),
);
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue };
export const Attributes = z.record(z.string(), AttributeValue);
export type Attributes = z.infer<typeof Attributes>;

/** Equidistant points: the first covers `[t0_ms, t0_ms + step_ms)`. */
export const Steps = z.object({ t0_ms: z.number(), step_ms: z.number() });

export const SpanKind = z.enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']);
export type SpanKind = z.infer<typeof SpanKind>;
export const SpanStatus = z.enum(['unset', 'ok', 'error']);
export type SpanStatus = z.infer<typeof SpanStatus>;
export const Severity = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'unspecified']);
export type Severity = z.infer<typeof Severity>;

/** How a call failed; derived by the collector, never guessed. */
export const FailureKind = z.enum(['crash', 'omission', 'timing', 'response', 'arbitrary']);
export type FailureKind = z.infer<typeof FailureKind>;
