import { Agent, request } from 'node:http';
import { WebSocket } from 'undici';
import type { Answer, Exchange, Seen } from './published-app.js';

/** Nothing that is asked takes longer. */
const PATIENCE_MS = 30_000;

/** Somebody who asks: keeps connections, and puts a correlation id on each request. */
export interface Asker {
  ask(exchange: Exchange, correlation: string, seen: Seen): Promise<Answer>;
  close(): void;
}

/** @param connections how many requests may be under way at once */
export function asker(port: number, connections: number): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    ask: (exchange, correlation, seen) =>
      exchange.websocket === undefined
        ? askOverHttp(agent, port, exchange, correlation, seen)
        : askOverWebSocket(port, exchange, correlation, seen),
    close: () => agent.destroy(),
  };
}

function askOverHttp(agent: Agent, port: number, exchange: Exchange, correlation: string, seen: Seen): Promise<Answer> {
  const { method = 'GET', body, giveUpAfterMs } = exchange;
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    'x-correlation-id': correlation,
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    ...headersOf(exchange, seen),
  };
  return new Promise((resolve) => {
    const options = { agent, host: '127.0.0.1', port, method, path: pathOf(exchange, seen), headers };
    const asked = request(options, (response) => {
      const parts: Buffer[] = [];
      const end = (fault?: string): void =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.rawHeaders,
          body: Buffer.concat(parts).toString('latin1'),
          ...(fault !== undefined && { fault }),
        });
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => end());
      response.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // The application closed a connection as it was used again: nobody has seen this request.
      if (asked.reusedSocket && error.code === 'ECONNRESET' && giveUpAfterMs === undefined && exchange.isCut !== true) {
        resolve(askOverHttp(agent, port, exchange, correlation, seen));
        return;
      }
      resolve({ status: 0, headers: [], body: '', fault: error.code ?? error.message });
    });
    asked.setTimeout(PATIENCE_MS, () => asked.destroy(new Error('no answer in time')));
    if (giveUpAfterMs !== undefined) setTimeout(() => asked.destroy(), giveUpAfterMs);
    asked.end(text);
  });
}

function askOverWebSocket(port: number, exchange: Exchange, correlation: string, seen: Seen): Promise<Answer> {
  const { send, answers } = exchange.websocket ?? { send: [], answers: 0 };
  return new Promise((resolve) => {
    const headers = { 'x-correlation-id': correlation, ...headersOf(exchange, seen) };
    const socket = new WebSocket(`ws://127.0.0.1:${port}${pathOf(exchange, seen)}`, { headers });
    const received: string[] = [];
    const limit = setTimeout(() => socket.close(), PATIENCE_MS);
    const look = (): void => {
      if (received.length >= answers) socket.close(1000);
    };
    socket.addEventListener('open', () => {
      for (const message of send) socket.send(message);
      look();
    });
    socket.addEventListener('message', ({ data }) => {
      received.push(String(data));
      look();
    });
    socket.addEventListener('close', ({ code }) => {
      clearTimeout(limit);
      resolve({ status: 101, headers: [], body: received.slice(0, answers).join('\n'), fault: `closed ${code}` });
    });
  });
}

function pathOf({ path }: Exchange, seen: Seen): string {
  return typeof path === 'string' ? path : path(seen);
}

function headersOf({ headers = {} }: Exchange, seen: Seen): Readonly<Record<string, string>> {
  return typeof headers === 'function' ? headers(seen) : headers;
}
