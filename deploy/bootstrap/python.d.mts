/**
 * Path of a Python that has OpenTelemetry's SDK and OTLP exporter, in an environment of the repository's own.
 * @throws CannotError with the command that would provide it
 */
export function providePython(): Promise<string>;
