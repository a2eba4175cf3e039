import { errorMonitor } from 'node:events';
import type { ClientRequest } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Attributes, Context, Exception, Span } from '@opentelemetry/api';
import { factsOf } from '../../context/line-facts.js';
import { type OutgoingHeaders, outgoingHeaders } from '../../context/propagation.js';
import type { Agent } from '../../engine/engine.js';
import { harmless } from '../harmless.js';
import { hasTimedOut, noteClientCall } from '../resilience/guarded-work.js';
import { errorType, hostAndPort, knownMethod, spanName, withoutSecrets } from './http-facts.js';
import { requestDurations } from './request-durations.js';
import { HTTP_SCOPE } from './server-request.js';

const CLIENT = 2;
const ERROR = 2;
const STATE = Symbol('orrery.client-request');

interface ClientState {
  readonly span: Span;
  readonly context: Context;
  readonly startMs: number;
  error: unknown;
  timedOut: boolean;
}

/**
 * Node's request with what its documentation leaves out: the response, once there is one, and the text of its head, which
 * is there from the start when headers were given as an array.
 */
type Observed = ClientRequest & {
  readonly res?: { readonly statusCode?: number };
  _header?: string | null;
  readonly _headerSent?: boolean;
  [STATE]?: ClientState;
};

/**
 * Makes the function that observes an outgoing request just created: injects headers and records its span until the
 * response has been read to its end. Listeners are only such as change nothing (`errorMonitor`, `timeout`, `close`): an
 * `error` or `response` listener would alter what happens to requests nobody listens to.
 */
export function clientRequests(agent: Agent): (request: ClientRequest, context: Context) => void {
  const record = requestDurations(agent.meter, HTTP_SCOPE, 'client');
  const { sender } = agent;
  const guarded = harmless(agent, 'http', 'an HTTP request');

  function onError(this: Observed, error: unknown): void {
    const state = this[STATE];
    if (state !== undefined) state.error = error;
  }

  function onTimeout(this: Observed): void {
    const state = this[STATE];
    if (state !== undefined) state.timedOut = true;
  }

  function onClose(this: Observed): void {
    const state = this[STATE];
    if (state !== undefined) guarded(() => finish(this, state));
  }

  const finish = (request: Observed, state: ClientState): void => {
    const { span, error } = state;
    const status = request.res?.statusCode ?? 0;
    const method = knownMethod(request.method);
    const scheme = request.protocol === 'https:' ? 'https' : 'http';
    const { address, port } = peerOf(request);
    const failed = error !== undefined || status === 0;
    const failure = failed
      ? state.timedOut || hasTimedOut(state.context)
        ? 'timeout'
        : error === undefined
          ? 'cancelled'
          : errorType(error)
      : status >= 400
        ? String(status)
        : '';
    if (span.isRecording()) {
      span.setAttributes(attributesOf(request, method, scheme, status, address, port));
      if (failure !== '') span.setAttribute('error.type', failure).setStatus({ code: ERROR });
      if (error !== undefined) span.recordException(error as Exception);
      span.end();
    }
    const { synthetic } = factsOf(state.context, '');
    record(
      { method, scheme, route: '', status, errorType: failure, serverAddress: address, serverPort: port, synthetic },
      (performance.now() - state.startMs) / 1000,
    );
  };

  return (request: Observed, context) => {
    const span = agent.recorder.startSpan({
      name: spanName(knownMethod(request.method), undefined),
      kind: CLIENT,
      scope: HTTP_SCOPE,
      parent: context,
    });
    request[STATE] = { span, context, startMs: performance.now(), error: undefined, timedOut: false };
    const own = { correlationId: headerText(request, 'x-correlation-id'), baggage: headerText(request, 'baggage') };
    const peer = peerOf(request);
    noteClientCall(context, span, peer);
    const trusted = agent.isTrusted(peer.address);
    carry(request, outgoingHeaders(context, span.spanContext(), sender, trusted, own));
    request.on('close', onClose);
    request.on('timeout', onTimeout);
    request.on(errorMonitor, onError);
  };
}

/** Adds headers; to a head that is text already before its empty line. One that is on its way (`expect`) stays as it is. */
function carry(request: Observed, headers: OutgoingHeaders): void {
  if (!request.headersSent) {
    for (const [name, value] of headers) request.setHeader(name, value);
    return;
  }
  const head = request._header;
  if (request._headerSent !== false || typeof head !== 'string' || !head.endsWith('\r\n\r\n')) return;
  request._header = `${head.slice(0, -2)}${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

function headerText(request: Observed, name: string): string | undefined {
  const value = request.getHeader(name);
  if (value !== undefined) return String(value);
  if (!request.headersSent || typeof request._header !== 'string') return undefined;
  return new RegExp(`\r\n${name}: *([^\r]*)`, 'i').exec(request._header)?.[1];
}

function peerOf(request: Observed): { address: string; port: number } {
  const { address, port } = hostAndPort(request.host);
  const named = /:(\d+)$/.exec(headerText(request, 'host') ?? '')?.[1];
  return { address, port: port ?? (named === undefined ? (request.protocol === 'https:' ? 443 : 80) : Number(named)) };
}

function attributesOf(
  request: Observed,
  method: string,
  scheme: string,
  status: number,
  address: string,
  port: number,
): Attributes {
  const attributes: Attributes = {
    'http.request.method': method,
    'url.full': withoutSecrets(`${scheme}://${address}:${port}${request.path}`),
    'server.address': address,
    'server.port': port,
  };
  if (method === '_OTHER') attributes['http.request.method_original'] = request.method;
  if (status !== 0) attributes['http.response.status_code'] = status;
  return attributes;
}
