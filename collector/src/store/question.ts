import type * as Api from '../api/contract/index.js';
import type { FilterNode } from '../query/ast.js';

/**
 * The API's queries after validation: the range is resolved, the filter is parsed. They travel as JSON over the local
 * socket between `api` and `store`, so they hold nothing but plain values.
 */
export interface Ranged {
  range: Api.ResolvedRange;
  /** The clock of the asker, Unix milliseconds: what "stuck" and "now" are measured against. */
  nowMs: number;
}

type Asked<Query extends { from: string; to: string }> = Omit<Query, 'from' | 'to' | 'q'> & Ranged;
type Filtered<Query extends { from: string; to: string; q: string }> = Asked<Query> & { filter: FilterNode };

export type Services = Asked<Api.ServiceListQuery>;
export type Service = Asked<Api.ServiceListQuery> & { service: string };
export type Traces = Filtered<Api.TraceListQuery>;
export type TraceHistogram = Filtered<Api.TraceHistogramQuery>;
export type Logs = Filtered<Api.LogListQuery>;
export type LogHistogram = Filtered<Api.LogHistogramQuery>;
export interface LogsSince {
  filter: FilterNode;
  environment: string;
  after: string | null;
  limit: number;
}
export type Aggregate = Filtered<Api.AggregateQuery>;
export type Fields = Filtered<Api.FieldListQuery>;
export type FieldValues = Filtered<Api.FieldValuesQuery>;
export type Metrics = Asked<Api.MetricListQuery>;
export type Metric = Filtered<Api.MetricQuery>;
export type Sagas = Asked<Api.SagaListQuery>;
export type SagaFunnel = Asked<Api.SagaFunnelQuery>;
export type Breakers = Asked<Api.BreakerListQuery>;
