import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { serverRequestOf } from '../http/server-request.js';
import type { Instrumentation } from '../instrumentation.js';

/** What fastify publishes when an application makes an instance (fastify docs, "Diagnostics Channel"; 4 and later). */
interface Initialization {
  readonly fastify: {
    addHook(name: 'onRequest', hook: (request: RoutedRequest, reply: unknown, done: () => void) => void): void;
    addHook(
      name: 'onError',
      hook: (request: RoutedRequest, reply: unknown, error: unknown, done: () => void) => void,
    ): void;
  };
}
interface RoutedRequest {
  readonly raw: IncomingMessage;
  /** Absent for unknown paths. */
  readonly routeOptions?: { readonly url?: string | undefined };
}

/**
 * Fastify 4 and 5, through its channel and its hooks; nothing is patched. The route is read when it is found, so that a
 * request that a schema refuses before its handler has one too; the error of a handler, a hook or a schema when it is told.
 */
export const fastify: Instrumentation = {
  library: 'fastify',
  start: () => {
    subscribe('fastify.initialization', (message) => {
      const instance = (message as Initialization).fastify;
      instance.addHook('onRequest', (request, _reply, done) => {
        noteRoute(request.raw, request.routeOptions?.url);
        done();
      });
      instance.addHook('onError', (request, _reply, error, done) => {
        const state = serverRequestOf(request.raw);
        if (state !== undefined) state.error ??= error;
        done();
      });
    });
  },
};

/** The handler for unknown paths has no route. */
function noteRoute(request: IncomingMessage, route: string | undefined): void {
  const state = serverRequestOf(request);
  if (state !== undefined && route !== undefined) state.route = route;
}
