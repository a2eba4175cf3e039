import type { ClientHttp2Session } from 'node:http2';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { promisify } from 'node:util';
import { activeContext, callInContext, isSuppressed } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import { harmless } from '../harmless.js';
import { attachServerRequest, serverRequestOf } from '../http/server-request.js';
import type { Instrumentation } from '../instrumentation.js';
import { clientStreams, type RequestOfSession } from './client-stream.js';
import { type ServedStream, type StreamHeaders, serverStreams } from './server-stream.js';

type Emit = (this: never, event: string | symbol, ...args: unknown[]) => boolean;
type Connect = (authority: unknown, ...rest: unknown[]) => ClientHttp2Session;
type PromisedConnect = (authority: unknown, options?: unknown) => Promise<ClientHttp2Session>;

/**
 * `node:http2`, which is not loaded for it: servers are seen by the events of `net.Server`, on which they are built, and
 * clients when the application loads the module. Streams of gRPC are left to gRPC's own instrumentation.
 */
export const http2Instrumentation: Instrumentation = {
  library: 'http2',
  start: observeServers,
  builtin: (exports, agent) => observeClients(exports as { connect: Connect }, agent),
};

function observeServers(agent: Agent): void {
  const begin = serverStreams(agent);
  const guarded = harmless(agent, 'http2', 'a stream of HTTP/2');
  const prototype = net.Server.prototype as unknown as { emit: Emit };
  const emit = prototype.emit;
  const emitOn = (server: unknown, event: string | symbol, args: unknown[]): boolean =>
    emit.call(server as never, event, ...args);
  // One look at the event for each connection of other servers; those of HTTP/1 emit requests by a method of their own.
  prototype.emit = function (this: unknown, event, ...args) {
    if (event === 'stream') {
      const state = guarded(() => begin(...(args as [ServedStream, StreamHeaders, number, string[]])));
      if (state !== undefined) return callInContext(state.context, emitOn, this, event, args);
    } else if (event === 'request') {
      const [request, response] = args as [{ readonly stream?: object }, object];
      const state = serverRequestOf(request?.stream);
      if (state !== undefined) for (const message of [request, response]) attachServerRequest(message, state);
    }
    return emit.call(this as never, event, ...args);
  };
}

function observeClients(http2: { connect: Connect }, agent: Agent): void {
  const observe = clientStreams(agent);
  const guarded = harmless(agent, 'http2', 'a stream of HTTP/2');
  const authorities = new WeakMap<object, URL>();
  const { connect } = http2;
  let isPatched = false;
  const observed: Connect = function (this: unknown, authority, ...rest) {
    const session = connect.call(this, authority, ...rest);
    guarded(() => {
      authorities.set(
        session,
        new URL(String(authority instanceof Object && 'href' in authority ? authority.href : authority)),
      );
      if (isPatched) return;
      isPatched = true;
      patchSessions(Object.getPrototypeOf(session) as { request: RequestOfSession });
    });
    return session;
  };
  // Node gives `connect` a form of its own for `util.promisify`; without one its callback would be taken for one with an error.
  const promised: PromisedConnect = (authority, options) =>
    new Promise((resolve, reject) => {
      const session = observed.call(http2, authority, options, () => {
        session.removeListener('error', reject);
        resolve(session);
      });
      session.once('error', reject);
    });
  Object.defineProperty(observed, promisify.custom, { value: promised });
  http2.connect = lookingLike(connect, observed);
  syncBuiltinESMExports();

  const patchSessions = (prototype: { request: RequestOfSession }): void => {
    const { request } = prototype;
    const observedRequest: RequestOfSession = function (headers, options) {
      const context = activeContext();
      const authority = authorities.get(this);
      const call =
        authority === undefined || isSuppressed(context)
          ? undefined
          : guarded(() => observe(headers, authority, context));
      if (call === undefined) return request.call(this, headers, options);
      const stream = request.call(this, call.headers, options);
      guarded(() => call.follow(stream));
      return stream;
    };
    prototype.request = lookingLike(request, observedRequest);
  };
}

/** Programs and mocking libraries look at names and lengths. */
function lookingLike<Work extends (...args: never[]) => unknown>(original: Work, ours: Work): Work {
  for (const property of ['name', 'length'] as const) {
    Object.defineProperty(ours, property, { value: original[property], configurable: true });
  }
  return ours;
}
