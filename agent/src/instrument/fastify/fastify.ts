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

/** Fastify 5, through its tracing channel: the route's pattern and what handlers throw; nothing is patched. */
export const fastify: Instrumentation = {
  library: 'fastify',
  start: () => {
    subscribe('tracing:fastify.request.handler:start', (message) => {
      const { request, route } = message as Handling;
      const state = serverRequestOf(request.raw);
      // The handler for unknown paths has no route.
      if (state !== undefined && route.url !== undefined) state.route = route.url;
    });
    subscribe('tracing:fastify.request.handler:error', (message) => {
      const { request, error } = message as Handling;
      const state = serverRequestOf(request.raw);
      if (state !== undefined) state.error ??= error;
    });
  },
};
