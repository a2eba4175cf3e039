/**
 * Every path of the API, relative to {@link API_BASE}: the server registers these, clients call these, and the
 * OpenAPI document is generated from the same schemas. Query and body are the schemas named beside.
 */
export const Routes = {
  /** GET ServiceListQuery → ServiceList */
  services: '/services',
  /** GET ServiceListQuery → ServiceDetail */
  service: '/services/:service',
  /** GET ServiceListQuery → ServiceMap */
  map: '/map',
  /** GET TraceListQuery → TraceList */
  traces: '/traces',
  /** GET TraceHistogramQuery → TraceHistogram */
  traceHistogram: '/traces/histogram',
  /** GET → Trace (no time range needed) */
  trace: '/traces/:trace_id',
  /** GET → SpanDetail */
  span: '/traces/:trace_id/spans/:span_id',
  /** GET → LogList, oldest first, at most 1000 */
  traceLogs: '/traces/:trace_id/logs',
  /** GET LogListQuery → LogList */
  logs: '/logs',
  /** GET LogHistogramQuery → LogHistogram */
  logHistogram: '/logs/histogram',
  /** GET LogTailQuery → text/event-stream */
  logTail: '/logs/tail',
  /** POST AggregateQuery → AggregateResult */
  query: '/query',
  /** GET FieldListQuery → FieldList */
  fields: '/fields',
  /** GET FieldValuesQuery → FieldValues */
  fieldValues: '/fields/values',
  /** GET MetricListQuery → MetricList */
  metrics: '/metrics',
  /** POST MetricQuery → MetricResult */
  metricQuery: '/metrics/query',
  /** GET SagaListQuery → SagaList */
  sagas: '/sagas',
  /** GET SagaFunnelQuery → SagaFunnel */
  sagaFunnel: '/sagas/funnel',
  /** GET → SagaDetail */
  saga: '/sagas/:saga_id',
  /** GET BreakerListQuery → BreakerList */
  breakers: '/breakers',
  /** GET → CheckList */
  checks: '/checks',
  /** GET → CheckDetail; PUT CheckDefinition → Check; DELETE → 204 */
  check: '/checks/:name',
  /** POST CheckRun → 204 */
  checkRuns: '/checks/:name/runs',
  /** POST bytes → ArtifactCreated */
  artifacts: '/artifacts',
  /** GET → bytes */
  artifact: '/artifacts/:id',
  /** GET → AlertList, newest first */
  alerts: '/alerts',
  /** GET → AlertDetail; PUT AlertWrite → Alert */
  alert: '/alerts/:id',
  /** POST Acknowledge → Alert */
  acknowledge: '/alerts/:id/acknowledge',
  /** GET → SilenceList; POST SilenceCreate → Silence */
  silences: '/silences',
  /** DELETE → 204 */
  silence: '/silences/:id',
  /** GET SearchQuery → SearchResult */
  search: '/search',
  /** GET DeadLetterListQuery → DeadLetterList */
  deadLetters: '/dead-letters',
  /** POST DeadLetterSweep → DeadLetterSwept */
  deadLetterReplays: '/dead-letters/replay',
  /** POST DeadLetterSweep → DeadLetterSwept */
  deadLetterDrops: '/dead-letters/drop',
  /** GET → DeadLetterDetail; DELETE → 204 */
  deadLetter: '/dead-letters/:id',
  /** POST → ReplayOutcome */
  deadLetterReplay: '/dead-letters/:id/replay',
  /** GET → SystemStatus */
  status: '/status',
} as const;
