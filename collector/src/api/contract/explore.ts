import { z } from 'zod';
import { Completeness, Environment, Filter, RangeQuery, ResolvedRange, SyntheticTraffic } from './primitives.js';

/** What can be asked about. A saga counts at the time of its last change. */
export const ExploreSignal = z.enum(['spans', 'logs', 'sagas']);
export type ExploreSignal = z.infer<typeof ExploreSignal>;

export const Measure = z.object({
  op: z.enum(['count', 'rate', 'distinct', 'sum', 'avg', 'min', 'max', 'quantile']),
  /** Needed by all but `count` and `rate`. `duration` is in milliseconds. */
  field: z.string().max(256).optional(),
  /** 0–1, for `quantile`. */
  quantile: z.number().min(0).max(1).optional(),
});
export type Measure = z.infer<typeof Measure>;

/** `POST /query`: count, sum, quantiles over any attribute, grouped by up to three fields, in time if asked. */
export const AggregateQuery = RangeQuery.extend({
  signal: ExploreSignal,
  q: Filter,
  environment: Environment,
  synthetic: SyntheticTraffic.default('exclude'),
  measures: z.array(Measure).min(1).max(5),
  group_by: z.array(z.string().max(256)).max(3).default([]),
  /** Ask for a series per group: `auto` chooses a round step; 0 for none. */
  step_ms: z.union([z.literal('auto'), z.number().int().min(0)]).default(0),
  /** Groups kept, by the first measure, largest first. */
  limit: z.number().int().min(1).max(1000).default(50),
});
export type AggregateQuery = z.infer<typeof AggregateQuery>;

export const AggregateGroup = z.object({
  /** One value per `group_by`, null where the field is missing. */
  key: z.array(z.string().nullable()),
  /** One per measure; null where nothing matched. */
  values: z.array(z.number().nullable()),
  /** One row per measure, when a step was asked for. */
  series: z.array(z.array(z.number().nullable())),
});
export type AggregateGroup = z.infer<typeof AggregateGroup>;

export const AggregateResult = Completeness.extend({
  range: ResolvedRange,
  t0_ms: z.number(),
  step_ms: z.number(),
  groups: z.array(AggregateGroup),
});
export type AggregateResult = z.infer<typeof AggregateResult>;

export const FieldListQuery = RangeQuery.extend({ signal: ExploreSignal, q: Filter, environment: Environment });
export type FieldListQuery = z.infer<typeof FieldListQuery>;

export const Field = z.object({
  name: z.string(),
  type: z.enum(['string', 'number', 'boolean', 'mixed']),
  /** `field` is a column of its own, the others say where the attribute stands. */
  source: z.enum(['field', 'attribute', 'resource']),
});
export type Field = z.infer<typeof Field>;

export const FieldList = Completeness.extend({ fields: z.array(Field) });
export type FieldList = z.infer<typeof FieldList>;

export const FieldValuesQuery = FieldListQuery.extend({
  field: z.string().min(1).max(256),
  /** Only values that begin with this. */
  prefix: z.string().max(256).default(''),
  limit: z.coerce.number().int().min(1).max(200).default(20),
});
export type FieldValuesQuery = z.infer<typeof FieldValuesQuery>;

export const FieldValues = Completeness.extend({
  values: z.array(z.object({ value: z.string(), count: z.number() })),
});
export type FieldValues = z.infer<typeof FieldValues>;
