import type { Attributes, Span } from '@opentelemetry/api';
import { activeContext, runInContext, withSpan } from '../../context/context.js';
import { incomingContext, outgoingHeaders, readIncoming } from '../../context/propagation.js';
import { callerMember } from '../../context/trace-state.js';
import type { Agent } from '../../engine/engine.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';

const SCOPE: Scope = { name: '@orrery/agent/nats', version: AGENT_VERSION };
const PRODUCER = 3;
const CONSUMER = 4;
const ERROR = 2;

interface Headers {
  get(name: string): string;
  set(name: string, value: string): void;
}
interface WithHeaders {
  headers?: Headers;
}
interface Message {
  readonly subject: string;
  readonly headers?: Headers;
}
type Handler = (error: unknown, message: Message) => unknown;
interface Connection {
  readonly options?: { readonly inboxPrefix?: string };
  readonly info?: { readonly headers?: boolean };
  publish(subject: string, data?: unknown, options?: WithHeaders): void;
  request(subject: string, data?: unknown, options?: WithHeaders): Promise<unknown>;
  subscribe(subject: string, options?: { callback?: Handler }): unknown;
}

/**
 * nats 2 and `@nats-io/nats-core` 3 (no OpenTelemetry instrumentation is published for them). A producer span for each
 * publish and request, context in the message's headers, a consumer span around the callback of each message. A loop
 * over a subscription (`for await`) is the application's own asynchronous function, which nothing can enter from
 * outside: its messages carry the context, its body has to take it out. A broker is a system of one's own: trusted.
 */
export const nats: readonly Instrumentation[] = [
  natsIn('nats', ['2.0.0', '3.0.0'], 'lib/nats-base-client/'),
  natsIn('@nats-io/nats-core', ['3.0.0', '4.0.0'], 'lib/'),
];

function natsIn(library: string, versions: readonly [string, string], folder: string): Instrumentation {
  return {
    library,
    versions,
    files: (agent, copy) => {
      const { require } = copy;
      const makeHeaders = (): Headers => (require(`./${folder}headers.js`) as { headers: () => Headers }).headers();
      const patch = (exports: unknown): void => {
        const { NatsConnectionImpl } = exports as { NatsConnectionImpl: { prototype: Connection } };
        patchSending(NatsConnectionImpl.prototype, agent, makeHeaders);
        patchSubscribe(NatsConnectionImpl.prototype, agent);
      };
      return new Map([[`${folder}nats.js`, patch]]);
    },
  };
}

function patchSending(prototype: Connection, agent: Agent, makeHeaders: () => Headers): void {
  const publish = Reflect.get(prototype, 'publish') as Connection['publish'];
  const request = Reflect.get(prototype, 'request') as Connection['request'];
  const caller = callerMember(agent.identity.serviceName);
  /** A request publishes its question itself. */
  let isRequesting = false;

  const begin = (connection: Connection, subject: string, name: string, options: WithHeaders | undefined) => {
    const parent = activeContext();
    const attributes = describe(subject, 'send', name);
    const span = agent.recorder.startSpan({
      name: `${name} ${subject}`,
      kind: PRODUCER,
      scope: SCOPE,
      parent,
      attributes,
    });
    const headers = options?.headers ?? (connection.info?.headers === false ? undefined : makeHeaders());
    if (headers === undefined) return { span, options };
    for (const [key, value] of outgoingHeaders(parent, span.spanContext(), caller, true)) headers.set(key, value);
    return { span, options: { ...options, headers } };
  };

  prototype.publish = function (subject, data, given) {
    if (isRequesting || !isOfApplication(this, subject)) return publish.call(this, subject, data, given);
    const { span, options } = begin(this, subject, 'publish', given);
    try {
      publish.call(this, subject, data, options);
      span.end();
    } catch (error) {
      fail(span, error);
      throw error;
    }
  };

  prototype.request = function (subject, data, given) {
    if (!isOfApplication(this, subject)) return request.call(this, subject, data, given);
    const { span, options } = begin(this, subject, 'request', given);
    isRequesting = true;
    try {
      const answer =
        options === undefined ? request.call(this, subject, data) : request.call(this, subject, data, options);
      // A branch of our own: a rejection stays the application's.
      answer.then(
        () => span.end(),
        (error: unknown) => fail(span, error),
      );
      return answer;
    } finally {
      isRequesting = false;
    }
  };
}

function patchSubscribe(prototype: Connection, agent: Agent): void {
  const subscribe = Reflect.get(prototype, 'subscribe') as Connection['subscribe'];
  prototype.subscribe = function (subject, options) {
    const callback = options?.callback;
    if (callback === undefined || !isOfApplication(this, subject)) return subscribe.call(this, subject, options);
    return subscribe.call(this, subject, {
      ...options,
      callback: (error, message) =>
        error || message === undefined ? callback(error, message) : deliver(agent, subject, callback, message),
    });
  };
}

/** Runs the callback in the context the message brought; the span ends with it, or with the promise it returns. */
function deliver(agent: Agent, subscribed: string, callback: Handler, message: Message): unknown {
  const parent = contextOf(message.headers);
  const attributes = { ...describe(message.subject, 'process', 'process'), ...template(subscribed, message.subject) };
  const span = agent.recorder.startSpan({
    name: `process ${subscribed}`,
    kind: CONSUMER,
    scope: SCOPE,
    parent,
    attributes,
  });
  return runInContext(withSpan(parent, span), () => {
    try {
      const result = callback(null, message);
      if (result instanceof Promise) {
        result.then(
          () => span.end(),
          (error: unknown) => fail(span, error),
        );
      } else span.end();
      return result;
    } catch (error) {
      fail(span, error);
      throw error;
    }
  });
}

function contextOf(headers: Headers | undefined) {
  const read = (name: string): string | undefined => headers?.get(name) || undefined;
  const came = {
    traceparent: read('traceparent'),
    tracestate: read('tracestate'),
    baggage: read('baggage'),
    correlationId: read('x-correlation-id'),
    requestId: undefined,
  };
  return incomingContext(readIncoming(came, true));
}

/** Answers go to inboxes, and what begins with `$` is between client and server: neither is a destination of the application. */
function isOfApplication(connection: Connection, subject: unknown): boolean {
  if (typeof subject !== 'string' || subject.startsWith('$')) return false;
  return !subject.startsWith(connection.options?.inboxPrefix ?? '_INBOX');
}

function describe(subject: string, type: 'send' | 'process', name: string): Attributes {
  return {
    'messaging.system': 'nats',
    'messaging.destination.name': subject,
    'messaging.operation.type': type,
    'messaging.operation.name': name,
  };
}

/** A subscription with wildcards: the low-cardinality name of what it gets. */
function template(subscribed: string, subject: string): Attributes {
  return subscribed === subject ? {} : { 'messaging.destination.template': subscribed };
}

function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.recordException(error instanceof Error ? error : message);
  span.setStatus({ code: ERROR, message });
  span.setAttribute('error.type', error instanceof Error ? error.name : 'error');
  span.end();
}
