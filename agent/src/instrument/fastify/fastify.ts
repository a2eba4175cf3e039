import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { serverRequestOf } from '../http/server-request.js';
import type { Instrumentation } from '../instrumentation.js';

/** What fastify publishes around a handler (fastify docs, "Diagnostics Channel"). */
interface Handling {
  readonly request: { readonly raw: IncomingMessage };
  readonly route: { readonly url?: string };
  readonly error?: unknown;
}

/** What fastify publishes when an application makes an instance (fastify 3 and later). */
interface Initialization {
  readonly fastify: {
    addHook(name: 'onRequest', hook: (request: RoutedRequest, reply: unknown, done: () => void) => void): void;
  };
}
interface RoutedRequest {
  readonly raw: IncomingMessage;
  /** Absent for unknown paths. */
  readonly routeOptions?: { readonly url?: string | undefined };
}

/**
 * Fastify, through its channels; nothing is patched. The route is read when it is found, by a hook, so that a request that
 * a schema refuses before its handler has one too. What handlers throw comes from the tracing channel of fastify 5.
 */
export const fastify: Instrumentation = {
  library: 'fastify',
  start: () => {
    subscribe('fastify.initialization', (message) => {
      (message as Initialization).fastify.addHook('onRequest', (request, _reply, done) => {
        noteRoute(request.raw, request.routeOptions?.url);
        done();
      });
    });
    subscribe('tracing:fastify.request.handler:start', (message) => {
      const { request, route } = message as Handling;
      noteRoute(request.raw, route.url);
    });
    subscribe('tracing:fastify.request.handler:error', (message) => {
      const { request, error } = message as Handling;
      const state = serverRequestOf(request.raw);
      if (state !== undefined) state.error ??= error;
    });
  },
};

/** The handler for unknown paths has no route. */
function noteRoute(request: IncomingMessage, route: string | undefined): void {
  const state = serverRequestOf(request);
  if (state !== undefined && route !== undefined) state.route = route;
}
