import { noteCarrierPeer } from '../../context/carrier-peer.js';

interface Call {
  readonly metadata?: object;
  getPeer?: () => string;
}
type Handler = (this: unknown, call: Call, ...rest: unknown[]) => unknown;
interface Server {
  readonly handlers?: Map<string, { func: Handler }>;
  register(name: string, ...rest: unknown[]): unknown;
}

/**
 * The instrumentation of gRPC believes every client. Around it, a server notes who calls, so that baggage, correlation id and
 * caller count only where the client is trusted, as with HTTP.
 */
export function notePeersOfServers(exports: unknown): void {
  const { prototype } = (exports as { Server: { prototype: Server } }).Server;
  const register = Reflect.get(prototype, 'register') as Server['register'];
  prototype.register = function (name, ...rest) {
    const result = register.call(this, name, ...rest);
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
  };
}

/** gRPC writes `127.0.0.1:5000`, `[::1]:5000` or `unix:…`; who comes through a socket file is on this machine. */
function hostOf(peer: string): string {
  if (peer.startsWith('unix:')) return 'localhost';
  const bare = peer.replace(/^ipv[46]:/, '').replace(/:\d+$/, '');
  return bare === 'unknown' ? '' : bare;
}
