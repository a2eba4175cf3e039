import { noteCarrierPeer } from '../../context/carrier-peer.js';
import { activeContext, spanOf } from '../../context/context.js';
import { override } from '../../hook/override.js';
import { DEADLINE_REMAINING } from '../deadline.js';

interface Call {
  readonly metadata?: object;
  getPeer?: () => string;
  getDeadline?: () => Date | number;
}
type Handler = (this: unknown, call: Call, ...rest: unknown[]) => unknown;
interface Server {
  readonly handlers?: Map<string, { func: Handler }>;
  register(name: string, handler: Handler, ...rest: unknown[]): unknown;
}

/**
 * What gRPC's instrumentation leaves out of its server spans. It believes every client: around it a server notes who calls,
 * so that baggage, correlation id and caller count only where the client is trusted, as with HTTP. Inside of it the
 * span learns how much time the caller has left.
 */
export function completeServerCalls(exports: unknown): void {
  const { prototype } = (exports as { Server: { prototype: Server } }).Server;
  const register = Reflect.get(prototype, 'register') as Server['register'];
  override(prototype, {
    register(this: Server, name, handler, ...rest) {
      const result = register.call(this, name, withDeadline(handler), ...rest);
      const entry = this.handlers?.get(name);
      if (entry !== undefined && result === true) {
        const { func } = entry;
        entry.func = function (call, ...others) {
          const { metadata } = call;
          // Without a peer nobody vouches for what came.
          if (metadata !== undefined) noteCarrierPeer(metadata, hostOf(call.getPeer?.() ?? ''));
          return func.call(this, call, ...others);
        };
      }
      return result;
    },
  });
}

function withDeadline(handler: Handler): Handler {
  if (typeof handler !== 'function') return handler;
  return function (call, ...rest) {
    const deadline = Number(call.getDeadline?.() ?? Infinity);
    if (Number.isFinite(deadline)) {
      spanOf(activeContext())?.setAttribute(DEADLINE_REMAINING, Math.round(deadline - Date.now()));
    }
    return handler.call(this, call, ...rest);
  };
}

/** gRPC writes `127.0.0.1:5000`, `[::1]:5000` or `unix:…`; who comes through a socket file is on this machine. */
function hostOf(peer: string): string {
  if (peer.startsWith('unix:')) return 'localhost';
  const bare = peer.replace(/^ipv[46]:/, '').replace(/:\d+$/, '');
  return bare === 'unknown' ? '' : bare;
}
