import { z } from 'zod';
import { Completeness, Environment, Filter, RangeQuery, ResolvedRange } from './primitives.js';

export const MetricKind = z.enum(['gauge', 'sum', 'histogram', 'exponential_histogram', 'summary']);
export type MetricKind = z.infer<typeof MetricKind>;

export const MetricListQuery = RangeQuery.extend({
  /** Part of the name, case-insensitive. */
  search: z.string().max(256).default(''),
  service: z.string().max(256).default(''),
  environment: Environment,
  /** `only`: nothing but the series that say `otel.metric.overflow`, so who is capped is asked for cheaply. */
  overflow: z.enum(['include', 'only']).default('include'),
});
export type MetricListQuery = z.infer<typeof MetricListQuery>;

export const MetricInfo = z.object({
  name: z.string(),
  description: z.string(),
  /** UCUM, as OTLP gives it. */
  unit: z.string(),
  kind: MetricKind,
  temporality: z.enum(['unspecified', 'delta', 'cumulative']),
  monotonic: z.boolean(),
  services: z.array(z.string()),
  attributes: z.array(z.string()),
  /** Services with more series than their SDK's cap: the rest is counted as one, with `otel.metric.overflow`. */
  capped: z.array(z.string()),
});
export type MetricInfo = z.infer<typeof MetricInfo>;

export const MetricList = Completeness.extend({ metrics: z.array(MetricInfo) });
export type MetricList = z.infer<typeof MetricList>;

/** `rate` and `increase` understand resets of cumulative counters; `pNN` needs a histogram or summary. */
export const MetricAggregate = z.enum([
  'avg',
  'sum',
  'min',
  'max',
  'last',
  'rate',
  'increase',
  'p50',
  'p90',
  'p95',
  'p99',
]);
export type MetricAggregate = z.infer<typeof MetricAggregate>;

export const MetricQuery = RangeQuery.extend({
  name: z.string().min(1).max(256),
  q: Filter,
  environment: Environment,
  aggregate: MetricAggregate,
  group_by: z.array(z.string().max(256)).max(3).default([]),
  step_ms: z.union([z.literal('auto'), z.number().int().min(1000)]).default('auto'),
  limit: z.number().int().min(1).max(200).default(20),
});
export type MetricQuery = z.infer<typeof MetricQuery>;

export const MetricSeries = z.object({
  key: z.array(z.string().nullable()),
  points: z.array(z.number().nullable()),
});
export type MetricSeries = z.infer<typeof MetricSeries>;

export const MetricResult = Completeness.extend({
  range: ResolvedRange,
  t0_ms: z.number(),
  step_ms: z.number(),
  unit: z.string(),
  series: z.array(MetricSeries),
  /** Those with the largest values. */
  exemplars: z.array(z.object({ time_ms: z.number(), value: z.number(), trace_id: z.string() })),
  /** There are more exemplars than these. */
  exemplars_truncated: z.boolean(),
});
export type MetricResult = z.infer<typeof MetricResult>;
