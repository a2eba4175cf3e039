import { z } from 'zod';
import {
  Completeness,
  Cursor,
  Environment,
  RangeQuery,
  ResolvedRange,
  SyntheticTraffic,
  UnixNanoText,
} from './primitives.js';

export const SagaState = z.enum([
  'running',
  'awaiting_person',
  'completed',
  'compensating',
  'compensated',
  'partially_compensated',
  'failed',
]);
export type SagaState = z.infer<typeof SagaState>;

export const SagaListQuery = RangeQuery.extend({
  name: z.string().max(256).default(''),
  /** Comma-separated states; `stuck` selects by the flag. */
  state: z.string().max(256).default(''),
  /** Part of the saga id, correlation id or business key. */
  search: z.string().max(256).default(''),
  environment: Environment,
  synthetic: SyntheticTraffic.default('exclude'),
  sort: z.enum(['updated', 'started', 'duration']).default('updated'),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: Cursor.optional(),
});
export type SagaListQuery = z.infer<typeof SagaListQuery>;

export const SagaStepState = z.enum([
  'not_reached',
  'running',
  'waiting',
  'done',
  'failed',
  'skipped',
  'undone',
  'undoing',
  'undo_failed',
]);
export type SagaStepState = z.infer<typeof SagaStepState>;

/** One forward step and what became of it; its compensation is folded in (`undone`). */
export const SagaStep = z.object({
  name: z.string(),
  state: SagaStepState,
  attempts: z.number().int(),
  service: z.string(),
  duration_ms: z.number().nullable(),
});
export type SagaStep = z.infer<typeof SagaStep>;

export const SagaSummary = z.object({
  saga_id: z.string(),
  saga_name: z.string(),
  saga_version: z.string(),
  type: z.enum(['orchestration', 'choreography', 'unknown']),
  state: SagaState,
  /** Running or compensating, and silent for longer than its definition (else 60 s) allows. Derived when asked. */
  stuck: z.boolean(),
  stuck_since: UnixNanoText.nullable(),
  started: UnixNanoText,
  updated: UnixNanoText,
  ended: UnixNanoText.nullable(),
  duration_ms: z.number(),
  steps: z.array(SagaStep),
  failure_kind: z.enum(['business', 'technical']).nullable(),
  failure_message: z.string(),
  correlation_id: z.string(),
  synthetic: z.boolean(),
  /** What should come next, and by when; null when nothing is expected. */
  next_step: z.string().nullable(),
  deadline: UnixNanoText.nullable(),
  /** Steps done and never undone in a saga that was rolled back: somebody has to act. */
  not_undone: z.array(z.string()),
});
export type SagaSummary = z.infer<typeof SagaSummary>;

export const SagaList = Completeness.extend({
  range: ResolvedRange,
  sagas: z.array(SagaSummary),
  /** Over the whole range and all filters but `state`. */
  counts: z.record(z.string(), z.number()),
  names: z.array(z.string()),
  next_cursor: Cursor.nullable(),
});
export type SagaList = z.infer<typeof SagaList>;

export const SagaFunnelQuery = SagaListQuery.pick({ from: true, to: true, environment: true, synthetic: true }).extend({
  name: z.string().min(1).max(256),
});
export type SagaFunnelQuery = z.infer<typeof SagaFunnelQuery>;

export const SagaFunnel = z.object({
  range: ResolvedRange,
  saga_name: z.string(),
  total: z.number(),
  steps: z.array(
    z.object({
      name: z.string(),
      reached: z.number(),
      done: z.number(),
      failed: z.number(),
      undone: z.number(),
      p50_ms: z.number().nullable(),
      p95_ms: z.number().nullable(),
    }),
  ),
  completed: z.number(),
  compensated: z.number(),
  stuck: z.number(),
  sampled: z.boolean(),
});
export type SagaFunnel = z.infer<typeof SagaFunnel>;

/** One attempt of one step or compensation, as the telemetry told it. */
export const SagaAttempt = z.object({
  step: z.string(),
  kind: z.enum(['action', 'compensation']),
  attempt: z.number().int(),
  service: z.string(),
  start: UnixNanoText,
  /** Null while it runs. */
  end: UnixNanoText.nullable(),
  outcome: z.enum(['succeeded', 'failed', 'skipped', 'running']),
  failure_kind: z.enum(['business', 'technical']).nullable(),
  message: z.string(),
  trace_id: z.string(),
  span_id: z.string(),
  /** For a compensation: the step it undoes. */
  compensates: z.string().nullable(),
});
export type SagaAttempt = z.infer<typeof SagaAttempt>;

export const SagaDetail = z.object({
  summary: SagaSummary,
  attempts: z.array(SagaAttempt),
  /** Transitions of the saga itself: started, awaiting_person, completed, compensated, failed. */
  transitions: z.array(z.object({ time: UnixNanoText, event: z.string(), service: z.string(), message: z.string() })),
  trace_ids: z.array(z.string()),
  /** More was said of it than was read: the state and the attempts are those of its newest part. */
  truncated: z.boolean(),
  /** Steps as the definition has them, in order; null when the saga has no definition. */
  definition: z
    .object({
      file: z.string(),
      steps: z.array(
        z.object({
          name: z.string(),
          kind: z.enum(['action', 'compensation']),
          compensates: z.string().nullable(),
          deadline_ms: z.number().nullable(),
          optional: z.boolean(),
        }),
      ),
    })
    .nullable(),
});
export type SagaDetail = z.infer<typeof SagaDetail>;
