import type { Context, Span } from '@opentelemetry/api';
import { ownContext, TraceContext } from '../../context/context.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import type { RequestHeaders } from './incoming-headers.js';
import type { Listed } from './open-requests.js';

export const HTTP_SCOPE: Scope = { name: '@orrery/agent/http', version: AGENT_VERSION };

/** Where a request's state hangs. */
export const STATE = Symbol('orrery.server-request');

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
}

/**
 * One request being served. Frameworks tell it the route and the error they saw. What is known when it begins is read then:
 * express gives every request a prototype of its application, after which each look at it costs as much as a span.
 */
export interface ServerRequest extends Listed {
  readonly span: Span;
  readonly context: Context;
  readonly startMs: number;
  readonly headers: RequestHeaders;
  /** As it came; `knownMethod` makes a bounded word of it. */
  readonly method: string | undefined;
  readonly scheme: 'http' | 'https';
  readonly httpVersion: string;
  /** Empty when the connection was gone already. */
  readonly peerAddress: string;
  /** Path and query as they came: frameworks rewrite `req.url`. */
  readonly target: string;
  readonly peerIsTrusted: boolean;
  readonly request: RequestLike;
  readonly response: ResponseLike;
  /** The route's pattern (`/orders/:id`), known only to a framework. */
  route: string | undefined;
  /** Prefixes of the path that were matched by patterns, longest last. */
  mounts: Mounts;
  /** What a handler threw. */
  error: unknown;
  isOver: boolean;
}

export type Mounts = readonly { readonly requested: string; readonly pattern: string }[];

export type WithState = { [STATE]?: ServerRequest };

/** The context a request is served in, from which its state is found without a look at the request. */
export class ServedContext extends TraceContext {
  served: ServerRequest | undefined;
}

/** The state of a request, for frameworks. */
export function serverRequestOf(message: object | undefined | null): ServerRequest | undefined {
  const context = ownContext();
  if (context instanceof ServedContext && context.served?.request === message) return context.served;
  return (message as WithState | undefined)?.[STATE];
}

/** Lets frameworks find a state at another object, too. */
export function attachServerRequest(message: object, state: ServerRequest): void {
  (message as WithState)[STATE] = state;
}
