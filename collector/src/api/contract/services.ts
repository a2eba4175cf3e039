import { z } from 'zod';
import {
  Completeness,
  Environment,
  RangeQuery,
  ResolvedRange,
  Steps,
  SyntheticTraffic,
  UnixNanoText,
} from './primitives.js';

/** Requests are server and consumer spans. Latencies come from base-2^(1/8) histograms: at most 4.5 % off. */
export const Red = z.object({
  requests: z.number(),
  /** Requests per second over the range. */
  rate: z.number(),
  errors: z.number(),
  /** 0–1; null without requests. */
  error_ratio: z.number().nullable(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  p99_ms: z.number().nullable(),
});
export type Red = z.infer<typeof Red>;

export const RedSeries = Steps.extend({
  requests: z.array(z.number()),
  errors: z.array(z.number()),
  p50_ms: z.array(z.number().nullable()),
  p95_ms: z.array(z.number().nullable()),
});
export type RedSeries = z.infer<typeof RedSeries>;

export const ServiceListQuery = RangeQuery.extend({
  environment: Environment,
  synthetic: SyntheticTraffic.default('exclude'),
});
export type ServiceListQuery = z.infer<typeof ServiceListQuery>;

export const ServiceSummary = Red.extend({
  service: z.string(),
  environments: z.array(z.string()),
  versions: z.array(z.string()),
  /** telemetry.sdk.language; empty when unknown. */
  language: z.string(),
  instances: z.number().int(),
  last_seen: UnixNanoText,
  series: RedSeries,
  /** The same figures over the range of equal length just before. */
  previous: Red.nullable(),
  open_breakers: z.number().int(),
});
export type ServiceSummary = z.infer<typeof ServiceSummary>;

/** Worst first: by error ratio, then by p95. */
export const ServiceList = Completeness.extend({
  /** How many there are, where not all of them are listed. */
  total: z.number().int().optional(),
  range: ResolvedRange,
  services: z.array(ServiceSummary),
});
export type ServiceList = z.infer<typeof ServiceList>;

export const Operation = Red.extend({ operation: z.string(), kind: z.string(), series: RedSeries });
export type Operation = z.infer<typeof Operation>;

export const ServiceInstance = z.object({
  instance: z.string(),
  host: z.string(),
  version: z.string(),
  requests: z.number(),
  errors: z.number(),
  p95_ms: z.number().nullable(),
  last_seen: UnixNanoText,
});
export type ServiceInstance = z.infer<typeof ServiceInstance>;

/** Kind of an edge: how the two are coupled. */
export const EdgeKind = z.enum(['sync', 'async', 'database', 'external']);
export type EdgeKind = z.infer<typeof EdgeKind>;

export const MapEdge = Red.extend({
  id: z.string(),
  source: z.string(),
  target: z.string(),
  kind: EdgeKind,
  /** Failed calls by `failure.kind`. */
  failures: z.record(z.string(), z.number()),
  breakers: z.array(z.object({ id: z.string(), name: z.string(), state: z.string() })),
});
export type MapEdge = z.infer<typeof MapEdge>;

export const NodeKind = z.enum(['service', 'database', 'topic', 'external', 'caller']);
export type NodeKind = z.infer<typeof NodeKind>;

/** `id` is `kind:name`. A `caller` is somebody outside who sends no spans. */
export const MapNode = Red.extend({
  id: z.string(),
  kind: NodeKind,
  name: z.string(),
  /** db.system.name or messaging.system; empty for services. */
  system: z.string(),
  language: z.string(),
  environments: z.array(z.string()),
});
export type MapNode = z.infer<typeof MapNode>;

export const ServiceMap = Completeness.extend({
  /** How many nodes there are, where not all of them are drawn. */
  total: z.number().int().optional(),
  range: ResolvedRange,
  nodes: z.array(MapNode),
  edges: z.array(MapEdge),
  /** Spans that name no peer and whose other half never came: a figure of data quality. */
  unpaired: z.number(),
});
export type ServiceMap = z.infer<typeof ServiceMap>;

export const ServiceDetail = z.object({
  range: ResolvedRange,
  summary: ServiceSummary,
  operations: z.array(Operation),
  incoming: z.array(MapEdge),
  outgoing: z.array(MapEdge),
  instances: z.array(ServiceInstance),
  /** How many operations and instances there are, where only those with most requests are listed. */
  operations_total: z.number().int().optional(),
  instances_total: z.number().int().optional(),
  truncated: z.boolean(),
});
export type ServiceDetail = z.infer<typeof ServiceDetail>;
