import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import {
  decodeLogs,
  decodeMetrics,
  decodeSpans,
  type ReceivedLog,
  type ReceivedMetric,
  type ReceivedSpan,
} from './otlp-decode.js';
import { spansOfJson } from './otlp-json.js';

/** A real OTLP/HTTP receiver that keeps what it gets. */
export interface OtlpSink {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  readonly logs: ReceivedLog[];
  readonly metrics: ReceivedMetric[];
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly bytes: number }[];
  /** Decides the answer of the next requests; default 200. */
  answer: (request: IncomingMessage) => { readonly status: number; readonly headers?: Record<string, string> };
  /** Waits until `found` is true of what has come. */
  until(found: (sink: OtlpSink) => boolean, what?: string): Promise<void>;
  close(): Promise<void>;
}

export async function startSink(port = 0): Promise<OtlpSink> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const sink: OtlpSink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    logs: [],
    metrics: [],
    requests: [],
    answer: () => ({ status: 200 }),
    until: (found, what = 'telemetry') =>
      new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          waiting.delete(look);
          reject(
            new Error(
              `no ${what} in time; spans: ${sink.spans.map(({ name }) => name).join(', ')}; logs: ${sink.logs.length}`,
            ),
          );
        }, 15_000);
        const look = (): void => {
          if (!found(sink)) return;
          clearTimeout(limit);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const raw = Buffer.concat(parts);
    const { status, headers } = sink.answer(request);
    sink.requests.push({ path: request.url ?? '', headers: request.headers, bytes: raw.length });
    if (status === 200) {
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const isJson = request.headers['content-type'] === 'application/json';
      if (request.url === '/v1/traces') sink.spans.push(...(isJson ? spansOfJson(body) : decodeSpans(body)));
      if (request.url === '/v1/logs') sink.logs.push(...decodeLogs(body));
      if (request.url === '/v1/metrics') sink.metrics.push(...decodeMetrics(body));
    }
    response.writeHead(status, { 'content-type': 'application/x-protobuf', ...headers }).end();
    for (const look of waiting) look();
  };
  return sink;
}
