import { performance } from 'node:perf_hooks';
import type { Context, Exception, Span } from '@opentelemetry/api';
import { b3Header } from '../../context/b3.js';
import { TraceContext } from '../../context/context.js';
import { wantsB3 } from '../../context/formats.js';
import { factsOf } from '../../context/line-facts.js';
import { incomingContext, readIncoming } from '../../context/propagation.js';
import type { Agent } from '../../engine/engine.js';
import { RecordedSpan } from '../../record/recorded-span.js';
import { harmless } from '../harmless.js';
import { knownMethod, spanName } from './http-facts.js';
import { rawHeader, readHeaders } from './incoming-headers.js';
import { NOWHERE, OpenRequests } from './open-requests.js';
import { requestDurations } from './request-durations.js';
import { serverAttributes } from './server-attributes.js';
import { SERVER_CLOSED, type ServerEndings } from './server-endings.js';
import {
  HTTP_SCOPE,
  type Mounts,
  type RequestLike,
  type ResponseLike,
  ServedContext,
  type ServerRequest,
  STATE,
  type WithState,
} from './server-request.js';

const SERVER = 1;
const ERROR = 2;
const NO_MOUNTS: Mounts = [];
/** Why a request was broken off that its caller has to see as an error of this service. */
const OF_THIS_PROCESS: ReadonlySet<string> = new Set([SERVER_CLOSED, 'process_ended']);

/** Makes the function that begins a server span; it answers `undefined` for a request that is already being recorded. */
export function serverRequests<Request extends RequestLike, Response extends ResponseLike>(
  agent: Agent,
  endings: ServerEndings<Request, Response>,
): (request: Request, response: Response) => ServerRequest | undefined {
  const record = requestDurations(agent.meter, HTTP_SCOPE, 'server');
  const describe = serverAttributes();
  const { formats } = agent.sender;
  const open = new OpenRequests<ServerRequest>();
  const guarded = harmless(agent, 'http', 'an HTTP request');
  // Requests the process leaves unanswered are the ones somebody will ask about.
  agent.atEnd(() => {
    for (const state of open.all()) guarded(() => finish(state, 'process_ended'));
  });

  const finish = (state: ServerRequest, processEnded?: 'process_ended'): void => {
    if (state.isOver) return;
    state.isOver = true;
    open.remove(state);
    const { span, scheme, response } = state;
    const route = state.route ?? toldRoute(span);
    const method = knownMethod(state.method);
    const whole = response.writableFinished;
    const status = whole || response.headersSent ? response.statusCode : 0;
    const isBroken = processEnded === undefined ? !whole : !response.writableEnded;
    const broken = isBroken
      ? (processEnded ?? endings.brokenBy(state.request as Request, response as Response))
      : undefined;
    const failure = status >= 500 ? String(status) : (broken ?? '');
    if (span.isRecording()) {
      describe(state, route, method, status);
      span.updateName(spanName(method, route));
      if (failure !== '') span.setAttribute('error.type', failure);
      if (state.error !== undefined) span.recordException(state.error as Exception);
      if (status >= 500 || (broken !== undefined && OF_THIS_PROCESS.has(broken))) span.setStatus({ code: ERROR });
      span.end();
    }
    const { synthetic } = factsOf(state.context, '');
    record(
      { method, scheme, route: route ?? '', status, errorType: failure, serverAddress: '', serverPort: 0, synthetic },
      (performance.now() - state.startMs) / 1000,
    );
  };
  const end = (state: ServerRequest): void => guarded(() => finish(state));

  return (request: Request & WithState, response: Response & WithState) => {
    if (request[STATE] !== undefined) return undefined;
    const { method, socket } = request;
    const headers = readHeaders(request.rawHeaders);
    const remoteAddress = socket.remoteAddress ?? '';
    const peerIsTrusted = agent.isTrusted(remoteAddress);
    if (wantsB3(formats)) headers.b3 = b3Header((name) => rawHeader(request.rawHeaders, name));
    const came = incomingContext(readIncoming(headers, peerIsTrusted, formats));
    const span = agent.recorder.startSpan({ name: method ?? 'HTTP', kind: SERVER, scope: HTTP_SCOPE, parent: came });
    const context = contextOf(came, span);
    const state: ServerRequest = {
      span,
      context,
      startMs: performance.now(),
      headers,
      method,
      scheme: 'encrypted' in socket ? 'https' : 'http',
      httpVersion: request.httpVersion,
      peerAddress: plainAddress(remoteAddress),
      target: request.url ?? '/',
      peerIsTrusted,
      request,
      response,
      place: NOWHERE,
      isOver: false,
      route: undefined,
      mounts: NO_MOUNTS,
      error: undefined,
    };
    context.served = state;
    request[STATE] = state;
    response[STATE] = state;
    // What may never end is not held on to.
    if (endings.watch(request, response, state, end)) open.add(state);
    return state;
  };
}

function contextOf(came: Context, span: Span): ServedContext {
  return came instanceof TraceContext
    ? new ServedContext(span, came.baggage, came.facts)
    : new ServedContext(span, undefined, undefined);
}

/** The route that somebody wrote on the span itself, through the OpenTelemetry API. */
function toldRoute(span: Span): string | undefined {
  if (!(span instanceof RecordedSpan)) return undefined;
  const route = span.attribute('http.route');
  return typeof route === 'string' ? route : undefined;
}

/** IPv4 as it is written, also on a dual-stack socket. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
