import { performance } from 'node:perf_hooks';
import type { Attributes, Context, Exception, Span } from '@opentelemetry/api';
import { b3Header } from '../../context/b3.js';
import { ROOT, TraceContext } from '../../context/context.js';
import { wantsB3 } from '../../context/formats.js';
import { factsOf } from '../../context/line-facts.js';
import { incomingContext, readIncoming } from '../../context/propagation.js';
import type { Agent } from '../../engine/engine.js';
import { RecordedSpan } from '../../record/recorded-span.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import { DEADLINE_REMAINING, remainingOf } from '../deadline.js';
import { hostAndPort, knownMethod, spanName, withoutSecrets } from './http-facts.js';
import { type RequestHeaders, rawHeader, readHeaders } from './incoming-headers.js';
import { requestDurations } from './request-durations.js';

export const HTTP_SCOPE: Scope = { name: '@orrery/agent/http', version: AGENT_VERSION };

const SERVER = 1;
const ERROR = 2;
/** Where a request's state hangs; frameworks find it there. */
const STATE = Symbol('orrery.server-request');

/** What is read of a request; of HTTP/1 Node's own, of HTTP/2 the same of its stream. */
export interface RequestLike {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  /** `encrypted` is there on TLS. */
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** What is read of a response. */
export interface ResponseLike {
  readonly headersSent: boolean;
  readonly statusCode: number;
  readonly writableFinished: boolean;
  readonly writableEnded: boolean;
  /** `listener` is called on the response itself. */
  on(event: 'close', listener: (this: ResponseLike) => void): unknown;
}

/** One request being served. Frameworks tell it the route and the error they saw; everything else is read at its end. */
export interface ServerRequest {
  readonly span: Span;
  readonly context: Context;
  readonly startMs: number;
  readonly headers: RequestHeaders;
  /** Path and query as they came: frameworks rewrite `req.url`. */
  readonly target: string;
  readonly peerIsTrusted: boolean;
  readonly request: RequestLike;
  /** The route's pattern (`/orders/:id`), known only to a framework. */
  route: string | undefined;
  /** What a handler threw. */
  error: unknown;
}

type WithState = { [STATE]?: ServerRequest };

/** The state of a request (or of its response), for frameworks. */
export function serverRequestOf(message: object | undefined | null): ServerRequest | undefined {
  return (message as WithState | undefined)?.[STATE];
}

/** Lets frameworks find a state at another object, too. */
export function attachServerRequest(message: object, state: ServerRequest): void {
  (message as WithState)[STATE] = state;
}

/** Makes the function that begins a server span; it answers `undefined` for a request that is already being recorded. */
export function serverRequests(
  agent: Agent,
): (request: RequestLike, response: ResponseLike) => ServerRequest | undefined {
  const record = requestDurations(agent.meter, HTTP_SCOPE, 'server');
  const { formats } = agent.sender;
  const open = new Map<ServerRequest, ResponseLike>();
  // Requests the process leaves unanswered are the ones somebody will ask about.
  agent.atEnd(() => {
    for (const [state, response] of open) finish(state, response, 'process_ended');
  });

  function onClose(this: ResponseLike): void {
    const state = serverRequestOf(this);
    if (state !== undefined) finish(state, this);
  }

  const finish = (state: ServerRequest, response: ResponseLike, ended?: string): void => {
    open.delete(state);
    const { span, request } = state;
    const route = state.route ?? toldRoute(span);
    const method = knownMethod(request.method);
    const scheme = 'encrypted' in request.socket ? 'https' : 'http';
    const status = response.headersSent ? response.statusCode : 0;
    const cancelled = ended === undefined ? !response.writableFinished : !response.writableEnded;
    const failure = status >= 500 ? String(status) : cancelled ? (ended ?? 'client_closed_request') : '';
    if (span.isRecording()) {
      span.setAttributes(attributesOf(state, route, method, scheme, status));
      span.updateName(spanName(method, route));
      if (failure !== '') span.setAttribute('error.type', failure);
      if (state.error !== undefined) span.recordException(state.error as Exception);
      if (status >= 500 || failure === ended) span.setStatus({ code: ERROR });
      span.end();
    }
    const { synthetic } = factsOf(state.context, '');
    record(
      { method, scheme, route: route ?? '', status, errorType: failure, serverAddress: '', serverPort: 0, synthetic },
      (performance.now() - state.startMs) / 1000,
    );
  };

  return (request, response) => {
    if (serverRequestOf(request) !== undefined) return undefined;
    const headers = readHeaders(request.rawHeaders);
    const peerIsTrusted = agent.isTrusted(request.socket.remoteAddress ?? '');
    if (wantsB3(formats)) headers.b3 = b3Header((name) => rawHeader(request.rawHeaders, name));
    const came = incomingContext(readIncoming(headers, peerIsTrusted, formats));
    const span = agent.recorder.startSpan({
      name: request.method ?? 'HTTP',
      kind: SERVER,
      scope: HTTP_SCOPE,
      parent: came,
    });
    const context = contextOf(came, span);
    const state: ServerRequest = {
      span,
      context,
      startMs: performance.now(),
      headers,
      target: request.url ?? '/',
      peerIsTrusted,
      request,
      route: undefined,
      error: undefined,
    };
    attachServerRequest(request, state);
    attachServerRequest(response, state);
    open.set(state, response);
    response.on('close', onClose);
    return state;
  };
}

function contextOf(came: Context, span: Span): Context {
  if (came instanceof TraceContext) return came.over(span, came.baggage, came.facts);
  return ROOT;
}

/** The route that somebody wrote on the span itself, through the OpenTelemetry API. */
function toldRoute(span: Span): string | undefined {
  if (!(span instanceof RecordedSpan)) return undefined;
  const at = span.attributes.indexOf('http.route');
  const route = at === -1 ? undefined : span.attributes[at + 1];
  return typeof route === 'string' ? route : undefined;
}

function attributesOf(
  state: ServerRequest,
  route: string | undefined,
  method: string,
  scheme: string,
  status: number,
): Attributes {
  const { headers, request, target } = state;
  const question = target.indexOf('?');
  const attributes: Attributes = {
    'http.request.method': method,
    'url.path': question === -1 ? target : target.slice(0, question),
    'url.scheme': scheme,
    'network.protocol.version': request.httpVersion,
    'network.peer.address': peerAddress(request),
    'client.address': clientAddress(state),
  };
  if (method === '_OTHER') attributes['http.request.method_original'] = request.method ?? '';
  if (question !== -1) attributes['url.query'] = withoutSecrets(target.slice(question)).slice(1);
  if (route !== undefined) attributes['http.route'] = route;
  if (status !== 0) attributes['http.response.status_code'] = status;
  if (headers.deadline !== undefined) {
    const remaining = remainingOf(headers.deadline, performance.timeOrigin + state.startMs);
    if (remaining !== undefined) attributes[DEADLINE_REMAINING] = remaining;
  }
  if (headers.userAgent !== undefined) attributes['user_agent.original'] = headers.userAgent;
  if (headers.host !== undefined) {
    const { address, port } = hostAndPort(headers.host);
    attributes['server.address'] = address;
    if (port !== undefined) attributes['server.port'] = port;
  }
  return attributes;
}

/** The first hop of `x-forwarded-for`, when it comes from a proxy of ours, else the peer. */
function clientAddress(state: ServerRequest): string {
  const forwarded = state.peerIsTrusted ? state.headers.forwardedFor?.split(',')[0]?.trim() : undefined;
  return forwarded || peerAddress(state.request);
}

/** The peer's address; IPv4 as it is written, also on a dual-stack socket. */
function peerAddress(request: RequestLike): string {
  const address = request.socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
