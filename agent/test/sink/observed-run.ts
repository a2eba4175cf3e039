import type { ReceivedLog, ReceivedSpan } from './otlp-decode.js';
import { startSink } from './otlp-sink.js';
import { type RunOptions, runNode } from './run-app.js';

/** What came of one run of an application. */
export interface ObservedRun {
  readonly spans: readonly ReceivedSpan[];
  readonly logs: readonly ReceivedLog[];
  /** Bodies of the answers, by path. */
  readonly answers: Readonly<Record<string, string>>;
  readonly stderr: string;
  /** Server spans of a request to `path`. */
  request(path: string): ReceivedSpan;
  /** Spans of the trace of that request, but for the server span. */
  trace(path: string): ReceivedSpan[];
}

/**
 * Runs a service, asks it each path once (correlation id `on-<path>`), waits until `settled` and ends it.
 * @param settled default: each request has a span, and at least one more
 */
export async function observe(
  file: string,
  paths: readonly string[],
  options: RunOptions = {},
  settled: (run: ObservedRun) => boolean = (run) => paths.every((path) => run.trace(path).length > 0),
): Promise<ObservedRun> {
  const sink = await startSink();
  const app = runNode([file], { collector: sink.url, ...options });
  const answers: Record<string, string> = {};
  const request = (path: string): ReceivedSpan | undefined =>
    sink.spans.find(({ kind, attributes }) => kind === 'server' && attributes['url.path'] === `/${path}`);
  const run: ObservedRun = {
    spans: sink.spans,
    logs: sink.logs,
    answers,
    get stderr() {
      return app.output().stderr;
    },
    request: (path) => {
      const found = request(path);
      if (found === undefined) throw new Error(`no server span for ${path}: ${app.output().stderr}`);
      return found;
    },
    trace: (path) => {
      const server = request(path);
      return sink.spans.filter((span) => span.traceId === server?.traceId && span !== server);
    },
  };
  try {
    const port = await app.port;
    for (const path of paths) {
      const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
        headers: { 'x-correlation-id': `on-${path}` },
      });
      answers[path] = await response.text();
    }
    await sink.until(() => settled(run), `spans of ${file}; stderr: ${app.output().stderr}`);
  } finally {
    await app.stop().catch(() => undefined);
    await sink.close();
  }
  return run;
}
