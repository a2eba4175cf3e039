import { OPTIONS } from './options.js';

const USED: ReadonlySet<string> = new Set(Object.values(OPTIONS).map(({ env }) => env));

/** Read by the OpenTelemetry instrumentations themselves, or meant for programs in other languages. */
const ELSEWHERE =
  /^OTEL_(?:SEMCONV_STABILITY_OPT_IN$|(?:COLLECTOR|CPP|DOTNET|GO|INSTRUMENTATION|JAVA|JAVAAGENT|OPERATOR|PHP|PYTHON|RUBY|RUST)_)/;

/** Variables that ask for what the agent does anyway. */
const ALREADY_SO: Readonly<Record<string, string>> = {
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
  OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/protobuf',
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
  OTEL_NODE_RESOURCE_DETECTORS: 'all',
};

/** `OTEL_*` variables that are set and change nothing here, in alphabetical order; bounded. */
export function unusedVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('OTEL_') && !USED.has(name) && !ELSEWHERE.test(name))
    .filter((name) => {
      const value = environment[name]?.trim();
      return value !== undefined && value !== '' && value !== ALREADY_SO[name];
    })
    .map((name) => name.slice(0, 100))
    .sort()
    .slice(0, 20);
}
