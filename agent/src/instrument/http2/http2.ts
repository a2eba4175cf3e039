import type { ClientHttp2Session } from 'node:http2';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { promisify } from 'node:util';
import { activeContext, callInContext, isSuppressed } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import { behind, lookingLike, override } from '../../hook/override.js';
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
  const above = behind(prototype, 'emit');
  const emitOn = (server: unknown, event: string | symbol, args: unknown[]): boolean =>
    above.emit.call(server as never, event, ...args);
  // One look at the event for each connection of other servers, and at each request of HTTP/1.
  override(prototype, {
    emit(event, ...args) {
      if (event === 'stream') {
        const state = guarded(() => begin(...(args as [ServedStream, StreamHeaders, number, string[]])));
        if (state !== undefined) return callInContext(state.context, emitOn, this, event, args);
      } else if (event === 'request') {
        const [request, response] = args as [{ readonly stream?: object }, object];
        const stream = request?.stream;
        const state = stream === undefined ? undefined : serverRequestOf(stream);
        if (state !== undefined) for (const message of [request, response]) attachServerRequest(message, state);
      }
      return above.emit.call(this as never, event, ...args);
    },
  });
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
  const original: unknown = Reflect.get(connect, promisify.custom);
  if (typeof original === 'function') {
    Object.defineProperty(observed, promisify.custom, { value: lookingLike(original as PromisedConnect, promised) });
  }
  override(http2, { connect: observed });
  syncBuiltinESMExports();

  const patchSessions = (prototype: { request: RequestOfSession }): void => {
    const { request } = prototype;
    override(prototype, {
      request(headers, options) {
        const context = activeContext();
        const authority = authorities.get(this as never);
        const call =
          authority === undefined || isSuppressed(context)
            ? undefined
            : guarded(() => observe(headers, authority, context));
        if (call === undefined) return request.call(this as never, headers, options);
        const stream = request.call(this as never, call.headers, options);
        guarded(() => call.follow(stream));
        return stream;
      },
    });
  };
}
