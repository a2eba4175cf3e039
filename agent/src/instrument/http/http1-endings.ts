import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CLIENT_CLOSED, SERVER_CLOSED, type ServerEndings } from './server-endings.js';
import { type ServerRequest, STATE, type WithState } from './server-request.js';

/** Node's connection with what its documentation leaves out, on the server's side. */
type ServedSocket = Socket & { readonly server: object; readonly errored?: { readonly syscall?: unknown } | null };
type End = (state: ServerRequest) => void;

/** Endings of HTTP/1 by Node's own objects. */
export interface Http1Endings extends ServerEndings<IncomingMessage, ServerResponse> {
  /** To be told of each response of Node's class that emits `close`: no listener is added, which applications would count. */
  closed(response: WithState): void;
}

export function http1Endings(): Http1Endings {
  const queued = new WeakMap<object, ServerRequest[]>();
  let endClosed: End | undefined;

  /** Responses wait for those before them on their connection; of one that goes meanwhile Node before 24 tells them nothing. */
  const watchConnection = (connection: Socket, state: ServerRequest, end: End): void => {
    const waiting = queued.get(connection);
    if (waiting !== undefined) {
      // They are answered in the order in which they came.
      while (waiting[0]?.isOver === true) waiting.shift();
      waiting.push(state);
      return;
    }
    const begun = [state];
    queued.set(connection, begun);
    connection.once('close', () => {
      for (const request of begun) if (!request.isOver) end(request);
    });
  };

  return {
    watch: (request, response, state, end) => {
      // Node's server marks its connections as its own, and closes their responses; nobody does so for what an adapter made
      // (serverless functions).
      const isNodes = (request.socket as Partial<ServedSocket>).server !== undefined;
      if (response instanceof ServerResponse) endClosed = end;
      else (response as ServerResponse).on('close', () => end(state));
      if (!isNodes) response.on('finish', () => end(state));
      else if (response.socket === null) watchConnection(request.socket, state, end);
      return isNodes;
    },
    closed: (response) => {
      const state = response[STATE];
      if (state !== undefined && state.response === response) endClosed?.(state);
    },
    // A caller's going is read from the connection before that is closed; errors of the system have the call that failed.
    brokenBy: ({ socket }) => {
      const { readableEnded, errored } = socket as ServedSocket;
      return readableEnded === true || typeof errored?.syscall === 'string' ? CLIENT_CLOSED : SERVER_CLOSED;
    },
  };
}
