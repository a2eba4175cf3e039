import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps the connections of a server below a bound by closing those that do least for it: first the one that has been idle
 * longest, then the one whose request has been coming longest. So ten thousand connections that say nothing keep nobody
 * out. Requests that have come whole are never broken off: when there are that many, the new connection is closed.
 */
export function keepRoom(server: Server, maxConnections: number, closed: () => void): void {
  /** In the order in which they became so. */
  const idle = new Set<Socket>();
  const receiving = new Set<Socket>();
  const open = new Set<Socket>();
  const forget = (socket: Socket): void => {
    for (const sockets of [open, idle, receiving]) sockets.delete(socket);
  };

  server.on('connection', (socket: Socket) => {
    if (open.size >= maxConnections) {
      const least = idle.values().next().value ?? receiving.values().next().value ?? socket;
      least.destroy();
      closed();
      if (least === socket) return;
      forget(least);
    }
    open.add(socket);
    idle.add(socket);
    socket.once('close', () => forget(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    idle.delete(socket);
    if (!request.complete) {
      receiving.add(socket);
      request.once('end', () => receiving.delete(socket));
    }
    response.once('close', () => {
      receiving.delete(socket);
      if (open.has(socket)) idle.add(socket);
    });
  });
}
