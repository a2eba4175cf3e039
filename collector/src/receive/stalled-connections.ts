import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes connections on which nothing came and nothing went for a while: of clients that do not take their answers, or
 * that are gone without a word (a cable, a suspended machine). Without that an answer which does not fit into the
 * system's buffers keeps its connection until TCP gives up, and one whose reader merely stands still keeps it for good.
 */
export function closeStalled(server: Server, afterMs: number, closed: () => void): void {
  /** By connection: requests that are not answered to the end. */
  const answering = new WeakMap<Socket, number>();
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    answering.set(socket, (answering.get(socket) ?? 0) + 1);
    response.once('close', () => answering.set(socket, (answering.get(socket) ?? 1) - 1));
  });
  server.setTimeout(afterMs, (socket: Socket) => {
    // Others are idle for as long as a connection is kept: that harms nobody and is no news.
    if ((answering.get(socket) ?? 0) > 0) closed();
    socket.destroy();
  });
}
