import { subscribe } from 'node:diagnostics_channel';
import { performance } from 'node:perf_hooks';
import type { Attributes, Context, Exception, Span } from '@opentelemetry/api';
import { activeContext, isSuppressed } from '../../context/context.js';
import { factsOf } from '../../context/line-facts.js';
import { outgoingHeaders } from '../../context/propagation.js';
import type { Agent } from '../../engine/engine.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import { errorType, knownMethod, spanName, withoutSecrets } from '../http/http-facts.js';
import { requestDurations } from '../http/request-durations.js';
import type { Instrumentation } from '../instrumentation.js';
import { hasTimedOut, noteClientCall } from '../resilience/guarded-work.js';

const SCOPE: Scope = { name: '@orrery/agent/undici', version: AGENT_VERSION };
const CLIENT = 2;
const ERROR = 2;

/** What undici's channels publish (undici docs, "Diagnostics Channel"); the same in Node's own `fetch`. */
interface UndiciRequest {
  readonly origin: string | URL;
  readonly path: string;
  readonly method: string;
  /** One text of lines up to undici 6, a list of names and values from then on. */
  readonly headers: string | readonly (string | readonly string[])[];
  addHeader(name: string, value: string): void;
}
interface Message {
  readonly request: UndiciRequest;
  readonly response?: { readonly statusCode: number };
  readonly error?: unknown;
}

interface Call {
  readonly span: Span;
  readonly context: Context;
  readonly startMs: number;
  readonly url: URL;
  readonly port: number;
  status: number;
}

/** `fetch` and every undici in the process, through its diagnostics channels: nothing is loaded and nothing patched. */
export const undici: Instrumentation = {
  library: 'undici',
  start: (agent) => {
    const calls = new WeakMap<object, Call>();
    const finish = finisher(agent);
    const on = (channel: string, work: (message: Message) => void): void => {
      subscribe(channel, (message) => {
        try {
          work(message as Message);
        } catch (error) {
          agent.warn('undici', 'could not record a fetch', error);
        }
      });
    };
    const { sender } = agent;

    on('undici:request:create', ({ request }) => {
      const context = activeContext();
      if (isSuppressed(context)) return;
      const url = new URL(request.path, request.origin);
      const span = agent.recorder.startSpan({
        name: spanName(knownMethod(request.method), undefined),
        kind: CLIENT,
        scope: SCOPE,
        parent: context,
      });
      const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
      noteClientCall(context, span, { address: url.hostname, port });
      calls.set(request, { span, context, startMs: performance.now(), url, port, status: 0 });
      const own = { correlationId: headerOf(request, 'x-correlation-id'), baggage: undefined };
      for (const [name, value] of outgoingHeaders(
        context,
        span.spanContext(),
        sender,
        agent.isTrusted(url.hostname),
        own,
      )) {
        request.addHeader(name, value);
      }
    });
    on('undici:request:headers', ({ request, response }) => {
      const call = calls.get(request);
      if (call !== undefined) call.status = response?.statusCode ?? 0;
    });
    on('undici:request:trailers', ({ request }) => end(request, undefined));
    on('undici:request:error', ({ request, error }) => end(request, error ?? 'error'));

    const end = (request: object, error: unknown): void => {
      const call = calls.get(request);
      calls.delete(request);
      if (call !== undefined) finish(call, (request as UndiciRequest).method, error);
    };
  },
};

function finisher(agent: Agent): (call: Call, givenMethod: string, error: unknown) => void {
  const record = requestDurations(agent.meter, SCOPE, 'client');
  return ({ span, context, startMs, url, port, status }, givenMethod, error) => {
    const method = knownMethod(givenMethod);
    const scheme = url.protocol.slice(0, -1);
    const failure = error !== undefined ? failureOf(error, context) : status >= 400 ? String(status) : '';
    if (span.isRecording()) {
      const attributes: Attributes = {
        'http.request.method': method,
        'url.full': withoutSecrets(url.href),
        'server.address': url.hostname,
        'server.port': port,
      };
      if (status !== 0) attributes['http.response.status_code'] = status;
      span.setAttributes(attributes);
      if (failure !== '') span.setAttribute('error.type', failure).setStatus({ code: ERROR });
      if (error !== undefined) span.recordException(error as Exception);
      span.end();
    }
    const { synthetic } = factsOf(context, '');
    const kind = {
      method,
      scheme,
      route: '',
      status,
      errorType: failure,
      serverAddress: url.hostname,
      serverPort: port,
      synthetic,
    };
    record(kind, (performance.now() - startMs) / 1000);
  };
}

/** An abort because a time limit around the call has passed is a time-out. */
function failureOf(error: unknown, context: Context): string {
  const type = errorType(error);
  return /abort/i.test(type) && hasTimedOut(context) ? 'timeout' : type;
}

function headerOf({ headers }: UndiciRequest, name: string): string | undefined {
  const list = typeof headers === 'string' ? headers.split(/\r\n|: /) : headers;
  const at = list.findIndex(
    (item, index) => index % 2 === 0 && typeof item === 'string' && item.toLowerCase() === name,
  );
  return at === -1 ? undefined : String(list[at + 1]);
}
