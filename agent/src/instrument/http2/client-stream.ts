import { errorMonitor } from 'node:events';
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import { performance } from 'node:perf_hooks';
import type { Attributes, Context, Exception } from '@opentelemetry/api';
import { factsOf } from '../../context/line-facts.js';
import { outgoingHeaders } from '../../context/propagation.js';
import type { Agent } from '../../engine/engine.js';
import { harmless } from '../harmless.js';
import { errorType, knownMethod, spanName, withoutSecrets } from '../http/http-facts.js';
import { requestDurations } from '../http/request-durations.js';
import { HTTP_SCOPE } from '../http/server-request.js';
import { hasTimedOut, noteClientCall } from '../resilience/guarded-work.js';

const CLIENT = 2;
const ERROR = 2;

/** Headers as an object, or (newer Nodes) as a list of names and values. */
type Headers = OutgoingHttpHeaders | readonly string[] | undefined;
export type RequestOfSession = (this: ClientHttp2Session, headers: Headers, options: unknown) => ClientHttp2Stream;

interface ObservedCall {
  /** What to send instead. */
  readonly headers: Headers;
  /** Ends the span with the stream. */
  readonly follow: (stream: ClientHttp2Stream) => void;
}

/** Makes the function that starts the client span of a stream about to be requested; `undefined` for gRPC. */
export function clientStreams(
  agent: Agent,
): (headers: Headers, authority: URL, context: Context) => ObservedCall | undefined {
  const record = requestDurations(agent.meter, HTTP_SCOPE, 'client');
  const { sender } = agent;
  const guarded = harmless(agent, 'http2', 'a stream of HTTP/2');

  return (headers, authority, context) => {
    if (headerText(headers, 'content-type')?.startsWith('application/grpc')) return undefined;
    const method = knownMethod(headerText(headers, ':method') ?? 'GET');
    const scheme = authority.protocol === 'https:' ? 'https' : 'http';
    const port = authority.port === '' ? (scheme === 'https' ? 443 : 80) : Number(authority.port);
    const address = authority.hostname.replace(/^\[|\]$/g, '');
    const path = headerText(headers, ':path') ?? '/';
    const span = agent.recorder.startSpan({
      name: spanName(method, undefined),
      kind: CLIENT,
      scope: HTTP_SCOPE,
      parent: context,
    });
    noteClientCall(context, span, { address, port });
    const own = { correlationId: headerText(headers, 'x-correlation-id'), baggage: headerText(headers, 'baggage') };
    const carried = outgoingHeaders(context, span.spanContext(), sender, agent.isTrusted(address), own);
    const startMs = performance.now();
    let status = 0;
    let error: unknown;

    const finish = (stream: ClientHttp2Stream): void => {
      const failed = error !== undefined || status === 0 || stream.rstCode !== 0;
      const failure = failed ? failureOf(error, context) : status >= 400 ? String(status) : '';
      const attributes: Attributes = {
        'http.request.method': method,
        'url.full': withoutSecrets(`${scheme}://${authority.host}${path}`),
        'server.address': address,
        'server.port': port,
        'network.protocol.version': '2',
      };
      if (status !== 0) attributes['http.response.status_code'] = status;
      span.setAttributes(attributes);
      if (failure !== '') span.setAttribute('error.type', failure).setStatus({ code: ERROR });
      if (error !== undefined) span.recordException(error as Exception);
      span.end();
      const { synthetic } = factsOf(context, '');
      record(
        { method, scheme, route: '', status, errorType: failure, serverAddress: address, serverPort: port, synthetic },
        (performance.now() - startMs) / 1000,
      );
    };

    return {
      headers: withHeaders(headers, carried),
      follow: (stream) => {
        stream.on('response', (answer) => {
          status = Number(answer[':status'] ?? 0);
        });
        stream.on(errorMonitor, (fault: unknown) => {
          error = fault;
        });
        stream.on('close', () => guarded(() => finish(stream)));
      },
    };
  };
}

function failureOf(error: unknown, context: Context): string {
  if (hasTimedOut(context)) return 'timeout';
  return error === undefined ? 'cancelled' : errorType(error);
}

/** The application's own headers stay as they are: it may use them again. */
function withHeaders(headers: Headers, carried: readonly [string, string][]): Headers {
  if (Array.isArray(headers)) return [...(headers as string[]), ...carried.flat()];
  return { ...(headers as OutgoingHttpHeaders | undefined), ...Object.fromEntries(carried) };
}

function headerText(headers: Headers, name: string): string | undefined {
  if (headers === undefined) return undefined;
  if (Array.isArray(headers)) {
    const at = headers.findIndex((item, index) => index % 2 === 0 && String(item).toLowerCase() === name);
    return at === -1 ? undefined : String(headers[at + 1]);
  }
  for (const [key, value] of Object.entries(headers as OutgoingHttpHeaders)) {
    if (key.toLowerCase() === name && value !== undefined) return String(value);
  }
  return undefined;
}
