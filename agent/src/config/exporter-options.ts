import {
  keyValues,
  milliseconds,
  oneOf,
  optionalMilliseconds,
  optionalOneOf,
  optionalText,
  optionalUrl,
  row,
} from './option-types.js';

const traces = ofSignal('TRACES', 'spans');
const logs = ofSignal('LOGS', 'log records');
const metrics = ofSignal('METRICS', 'metrics');

/** OpenTelemetry's "OTLP Exporter Configuration": one value for all signals, and one for each that goes before it. */
export const EXPORTER_OPTIONS = {
  endpoint: row(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'http://127.0.0.1:4318',
    optionalUrl,
    'Where the collector listens for OTLP/HTTP; `/v1/<signal>` is appended.',
  ),
  protocol: row(
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'http/protobuf',
    oneOf('http/protobuf'),
    'The protocol of exports; there is one.',
  ),
  headers: row(
    'OTEL_EXPORTER_OTLP_HEADERS',
    '',
    keyValues,
    'Headers sent with every export: `key=value,…`, percent-encoded.',
  ),
  compression: row('OTEL_EXPORTER_OTLP_COMPRESSION', 'gzip', oneOf('gzip', 'none'), 'Compression of exports.'),
  exportTimeoutMs: row(
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    '10000',
    milliseconds(1),
    'Milliseconds one export request may take.',
  ),
  certificate: row(
    'OTEL_EXPORTER_OTLP_CERTIFICATE',
    '',
    optionalText,
    'PEM file of the authority that the collector’s certificate is checked against.',
  ),
  clientKey: row(
    'OTEL_EXPORTER_OTLP_CLIENT_KEY',
    '',
    optionalText,
    'PEM file of the key with which the agent shows who it is (mTLS).',
  ),
  clientCertificate: row(
    'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
    '',
    optionalText,
    'PEM file of the certificate that belongs to it.',
  ),
  tracesEndpoint: traces.endpoint,
  tracesHeaders: traces.headers,
  tracesCompression: traces.compression,
  tracesTimeoutMs: traces.timeoutMs,
  tracesCertificate: traces.certificate,
  tracesClientKey: traces.clientKey,
  tracesClientCertificate: traces.clientCertificate,
  logsEndpoint: logs.endpoint,
  logsHeaders: logs.headers,
  logsCompression: logs.compression,
  logsTimeoutMs: logs.timeoutMs,
  logsCertificate: logs.certificate,
  logsClientKey: logs.clientKey,
  logsClientCertificate: logs.clientCertificate,
  metricsEndpoint: metrics.endpoint,
  metricsHeaders: metrics.headers,
  metricsCompression: metrics.compression,
  metricsTimeoutMs: metrics.timeoutMs,
  metricsCertificate: metrics.certificate,
  metricsClientKey: metrics.clientKey,
  metricsClientCertificate: metrics.clientCertificate,
} as const;

/** `what` is the signal in words. Unset is the value of all signals; headers are added to those of all. */
function ofSignal(signal: string, what: string) {
  const name = (option: string): string => `OTEL_EXPORTER_OTLP_${signal}_${option}`;
  return {
    endpoint: row(name('ENDPOINT'), '', optionalUrl, `Whole URL for ${what}.`),
    headers: row(name('HEADERS'), '', keyValues, `More headers for ${what}.`),
    compression: row(name('COMPRESSION'), '', optionalOneOf('gzip', 'none'), `Compression for ${what}.`),
    timeoutMs: row(name('TIMEOUT'), '', optionalMilliseconds(1), `Milliseconds one export of ${what} may take.`),
    certificate: row(name('CERTIFICATE'), '', optionalText, `Authority’s PEM file for ${what}.`),
    clientKey: row(name('CLIENT_KEY'), '', optionalText, `Key’s PEM file for ${what}.`),
    clientCertificate: row(name('CLIENT_CERTIFICATE'), '', optionalText, `Certificate’s PEM file for ${what}.`),
  };
}
