import type {
  AggregateResult,
  AlertDetail,
  AlertList,
  BreakerList,
  CheckDetail,
  CheckList,
  DeadLetterDetail,
  DeadLetterList,
  FieldList,
  FieldValues,
  LogHistogram,
  LogList,
  MetricList,
  MetricResult,
  Routes,
  SagaDetail,
  SagaFunnel,
  SagaList,
  SearchResult,
  ServiceDetail,
  ServiceList,
  ServiceMap,
  SilenceList,
  SpanDetail,
  SystemStatus,
  Trace,
  TraceHistogram,
  TraceList,
} from '@orrery/collector/api';

/** A path of the contract. Only types are imported, so that the schemas stay out of the browser. */
export type RoutePath = (typeof Routes)[keyof typeof Routes];

/** What each question the pages ask is answered with. */
export interface Answers {
  '/services': ServiceList;
  '/services/:service': ServiceDetail;
  '/map': ServiceMap;
  '/traces': TraceList;
  '/traces/histogram': TraceHistogram;
  '/traces/:trace_id': Trace;
  '/traces/:trace_id/spans/:span_id': SpanDetail;
  '/traces/:trace_id/logs': LogList;
  '/logs': LogList;
  '/logs/histogram': LogHistogram;
  '/query': AggregateResult;
  '/fields': FieldList;
  '/fields/values': FieldValues;
  '/metrics': MetricList;
  '/metrics/query': MetricResult;
  '/sagas': SagaList;
  '/sagas/funnel': SagaFunnel;
  '/sagas/:saga_id': SagaDetail;
  '/breakers': BreakerList;
  '/checks': CheckList;
  '/checks/:name': CheckDetail;
  '/alerts': AlertList;
  '/alerts/:id': AlertDetail;
  '/silences': SilenceList;
  '/search': SearchResult;
  '/dead-letters': DeadLetterList;
  '/dead-letters/:id': DeadLetterDetail;
  '/status': SystemStatus;
}

/** Questions that can be asked; a route of the table that the contract does not have fails to compile here. */
export type Question = keyof Answers & RoutePath;
