import { z } from 'zod';
import { Completeness, Environment, RangeQuery, ResolvedRange, UnixNanoText } from './primitives.js';

export const BreakerState = z.enum(['closed', 'open', 'half_open', 'forced_open', 'disabled', 'unknown']);
export type BreakerState = z.infer<typeof BreakerState>;

export const BreakerListQuery = RangeQuery.extend({
  service: z.string().max(256).default(''),
  environment: Environment,
});
export type BreakerListQuery = z.infer<typeof BreakerListQuery>;

/** A stretch of time in one state, clipped to the range. */
export const BreakerBand = z.object({ from_ms: z.number(), to_ms: z.number(), state: BreakerState });
export type BreakerBand = z.infer<typeof BreakerBand>;

/** One breaker of one service, over all its instances: the worst instance decides the state. */
export const Breaker = z.object({
  /** `service/name`, percent-encoded where needed. */
  id: z.string(),
  name: z.string(),
  service: z.string(),
  /** What it protects (server.address or a service); empty when unknown. */
  target: z.string(),
  library: z.string(),
  state: BreakerState,
  since: UnixNanoText,
  reason: z.string(),
  /** 0–1 over the library's own window; null when it does not say. */
  failure_ratio: z.number().nullable(),
  calls: z.object({
    success: z.number(),
    failure: z.number(),
    timeout: z.number(),
    rejected: z.number(),
    fallback: z.number(),
  }),
  instances: z.array(
    z.object({ instance: z.string(), state: BreakerState, since: UnixNanoText, last_seen: UnixNanoText }),
  ),
  bands: z.array(BreakerBand),
  last_seen: UnixNanoText,
});
export type Breaker = z.infer<typeof Breaker>;

export const BreakerTransition = z.object({
  time: UnixNanoText,
  id: z.string(),
  name: z.string(),
  service: z.string(),
  instance: z.string(),
  state: BreakerState,
  previous: BreakerState,
  reason: z.string(),
  trace_id: z.string(),
});
export type BreakerTransition = z.infer<typeof BreakerTransition>;

/** Open ones first. */
export const BreakerList = Completeness.extend({
  range: ResolvedRange,
  breakers: z.array(Breaker),
  transitions: z.array(BreakerTransition),
});
export type BreakerList = z.infer<typeof BreakerList>;
