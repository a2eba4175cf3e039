import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { activeContext, callInContext, inContext, isSuppressed } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import { behind, override } from '../../hook/override.js';
import { harmless } from '../harmless.js';
import type { Instrumentation } from '../instrumentation.js';
import { clientRequests } from './client-request.js';
import { type Http1Endings, http1Endings } from './http1-endings.js';
import { STATE, type WithState } from './server-request.js';
import { serverRequests } from './server-span.js';

type Emit = (this: never, event: string | symbol, ...args: unknown[]) => boolean;
type Emitter = { readonly _events?: Readonly<Record<string | symbol, unknown>> };
type Request = (...args: unknown[]) => ClientRequest;

/** `node:http` and `node:https`, both sides. */
export const httpInstrumentation: Instrumentation = {
  library: 'http',
  start: (agent) => {
    const endings = http1Endings();
    observeServers(agent, endings);
    observeRequestEvents(endings);
    observeClients(agent);
    // `import { request } from 'node:http'` reads a copy of the exports.
    syncBuiltinESMExports();
  },
};

function observeServers(agent: Agent, endings: Http1Endings): void {
  const begin = serverRequests(agent, endings);
  const guarded = harmless(agent, 'http', 'an HTTP request');
  for (const prototype of [http.Server.prototype, https.Server.prototype] as { emit: Emit }[]) {
    const above = behind(prototype, 'emit');
    const emitRequest = (server: object, request: IncomingMessage, response: ServerResponse): boolean =>
      above.emit.call(server as never, 'request', request, response);
    override(prototype, {
      emit(event, ...args) {
        if (event !== 'request') return above.emit.call(this as never, event, ...args);
        const [request, response] = args as [IncomingMessage, ServerResponse];
        // Tests and adapters emit requests that never came over a wire.
        if (!(request instanceof http.IncomingMessage)) return above.emit.call(this as never, event, ...args);
        const state = guarded(() => begin(request, response));
        if (state === undefined) return above.emit.call(this as never, event, ...args);
        return callInContext(state.context, emitRequest, this, request, response);
      },
    });
  }
}

/**
 * Learns from a response that it is closed, and keeps the context where Node loses it. A body arrives in callbacks of the
 * connection's parser, and a caller's going away in those of its socket; both were made before the request and know nothing
 * of it: listeners of `data` and `end`, or of the response's `close`, where access logs are written, would lose the context.
 * It is kept only where there is a listener, and only outside of any context.
 */
function observeRequestEvents({ closed }: Http1Endings): void {
  const emitOn = (above: { emit: Emit }, message: unknown, args: Parameters<Emit>): boolean =>
    above.emit.apply(message as never, args);
  for (const prototype of [http.IncomingMessage.prototype, http.ServerResponse.prototype] as unknown as {
    emit: Emit;
  }[]) {
    const above = behind(prototype, 'emit');
    const isOfResponses = prototype === (http.ServerResponse.prototype as unknown);
    override(prototype, {
      emit(this: WithState & Emitter, ...args: Parameters<Emit>): boolean {
        if (isOfResponses && args[0] === 'close') closed(this);
        // In this order: the first costs least on requests of express, and is mostly true.
        if (inContext()) return above.emit.apply(this as never, args);
        const state = this[STATE];
        if (state === undefined || this._events?.[args[0]] === undefined) return above.emit.apply(this as never, args);
        return callInContext(state.context, emitOn, above, this, args);
      },
    });
  }
}

function observeClients(agent: Agent): void {
  const observe = clientRequests(agent);
  const guarded = harmless(agent, 'http', 'an HTTP request');
  for (const module of [http, https] as unknown as { request: Request; get: Request }[]) {
    const original = module.request;
    const request = function (this: unknown, ...args: unknown[]): ClientRequest {
      const created = original.apply(this, args);
      const context = activeContext();
      if (!isSuppressed(context)) guarded(() => observe(created, context));
      return created;
    };
    const get = function (this: unknown, ...args: unknown[]): ClientRequest {
      const created = request.apply(this, args);
      created.end();
      return created;
    };
    override(module, { request, get });
  }
}
