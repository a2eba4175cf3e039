import { EXPORTER_OPTIONS } from './exporter-options.js';
import { boolean, count, keyValues, list, milliseconds, oneOf, optionalText, row } from './option-types.js';
import { propagators } from './propagators-option.js';

/**
 * Every option of the agent. The README's table is generated from the same rows by hand and held equal by a test.
 * Defaults are written as a user would write them in the environment.
 */
export const OPTIONS = {
  engine: row(
    'ORRERY_ENGINE',
    'own',
    oneOf('own', 'otel-sdk'),
    'Which engine is behind the OpenTelemetry API: the agent’s own or `@opentelemetry/sdk-node`.',
  ),
  disabled: row('OTEL_SDK_DISABLED', 'false', boolean, 'Turns the agent off.'),
  serviceName: row(
    'OTEL_SERVICE_NAME',
    '',
    optionalText,
    'Name of the service. Default: `service.name` of `OTEL_RESOURCE_ATTRIBUTES`, else `name` of the application’s package.json, else `unknown_service:node`.',
  ),
  resourceAttributes: row(
    'OTEL_RESOURCE_ATTRIBUTES',
    '',
    keyValues,
    'More attributes of the resource: `key=value,…`, percent-encoded.',
  ),
  ...EXPORTER_OPTIONS,
  tracesExporter: row(
    'OTEL_TRACES_EXPORTER',
    'otlp',
    oneOf('otlp', 'none'),
    '`none` records no spans (propagation goes on).',
  ),
  logsExporter: row('OTEL_LOGS_EXPORTER', 'otlp', oneOf('otlp', 'none'), '`none` exports no log records.'),
  metricsExporter: row('OTEL_METRICS_EXPORTER', 'otlp', oneOf('otlp', 'none'), '`none` exports no metrics.'),
  scheduleDelayMs: row(
    'OTEL_BSP_SCHEDULE_DELAY',
    '1000',
    milliseconds(0),
    'Milliseconds after which recorded spans and log records are sent.',
  ),
  metricIntervalMs: row(
    'OTEL_METRIC_EXPORT_INTERVAL',
    '10000',
    milliseconds(1),
    'Milliseconds between two exports of metrics.',
  ),
  metricTemporality: row(
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    'cumulative',
    oneOf('cumulative', 'delta', 'lowmemory'),
    'Whether sums and histograms count from the start or from the last export; what is read elsewhere (observable counters, prom-client) counts from the start.',
  ),
  histograms: row(
    'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    'base2_exponential_bucket_histogram',
    oneOf('base2_exponential_bucket_histogram', 'explicit_bucket_histogram'),
    'Buckets of histograms that name none themselves.',
  ),
  metricSeries: row(
    'ORRERY_METRIC_SERIES',
    '2000',
    count,
    'Series one instrument may have; the rest is counted in one with `otel.metric.overflow`, and a log record (`metric.overflow`) names the instrument, once.',
  ),
  sampler: row(
    'OTEL_TRACES_SAMPLER',
    'parentbased_always_on',
    oneOf(
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ),
    'Which traces are recorded. Requests are counted in metrics whatever it says.',
  ),
  samplerArgument: row('OTEL_TRACES_SAMPLER_ARG', '', optionalText, 'Ratio for the `traceidratio` samplers.'),
  spanAttributeLimit: row(
    'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
    '128',
    count,
    'Attributes a span may have; more are counted and dropped.',
  ),
  spanEventLimit: row('OTEL_SPAN_EVENT_COUNT_LIMIT', '128', count, 'Events a span may have.'),
  spanLinkLimit: row('OTEL_SPAN_LINK_COUNT_LIMIT', '128', count, 'Links a span may have.'),
  attributeLengthLimit: row(
    'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    '16384',
    count,
    'Characters a text attribute may have; longer ones are cut.',
  ),
  disabledInstrumentations: row(
    'OTEL_NODE_DISABLED_INSTRUMENTATIONS',
    '',
    list,
    'Libraries left alone: `express,pg,…`.',
  ),
  propagators: row(
    'OTEL_PROPAGATORS',
    'tracecontext,baggage',
    propagators,
    'Headers in which context is read and sent: `tracecontext`, `baggage`, `b3`, `b3multi`; `none` for nothing at all.',
  ),
  trustedHosts: row(
    'ORRERY_TRUSTED_HOSTS',
    '',
    list,
    'Hosts, `*.suffixes` and CIDR ranges that are believed and get baggage, besides loopback, private networks and names without a dot.',
  ),
  logFields: row(
    'ORRERY_LOG_FIELDS',
    'true',
    boolean,
    'Whether lines of pino, winston and bunyan carry `trace_id`, `span_id`, `correlation_id` and `saga_id`.',
  ),
  statementValues: row(
    'ORRERY_STATEMENT_VALUES',
    'false',
    boolean,
    'Leaves the literals in database statements and their errors. They are what customers typed: for places without any.',
  ),
  queueBytes: row(
    'ORRERY_QUEUE_BYTES',
    '16777216',
    count,
    'Bytes that may wait for the collector; what comes then is dropped and counted.',
  ),
  exitTimeoutMs: row(
    'ORRERY_EXIT_TIMEOUT',
    '2000',
    milliseconds(0),
    'Milliseconds the end of the process may wait for the last export.',
  ),
  startupLine: row(
    'ORRERY_STARTUP_LINE',
    'auto',
    oneOf('auto', 'true', 'false'),
    'One line on stderr at start: `true`, `false`, or `auto` (when stderr is a terminal).',
  ),
} as const;
