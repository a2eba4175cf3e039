import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { DecodeError } from '../decode/decode-error.js';
import { Signal } from '../log/log-record.js';
import { elasticsearchAnswer } from './bulk/elasticsearch-answer.js';
import { receiveBulk } from './bulk/receive-bulk.js';
import { ByteBudget, type ByteLease } from './byte-budget.js';
import { keepRoom } from './connection-room.js';
import { corsHeaders } from './cors.js';
import type { Intake } from './intake.js';
import { JsonFault } from './json/json-error.js';
import { CONTENT_TYPE, statusBody } from './otlp/otlp-answer.js';
import { OTLP_ROUTES, otlpEncoding, receiveOtlp } from './otlp/receive-otlp.js';
import type { BodyLimits } from './read-body.js';
import { Refusal, type RefusalReason } from './refusal.js';
import { closeStalled } from './stalled-connections.js';

export interface IntakeServerOptions {
  host: string;
  port: number;
  limits: BodyLimits;
  /** Bytes of bodies being received and logged at any time; beyond it 503. */
  maxInFlightBytes: number;
  maxConnections: number;
  /** How long a sender may take for its headers, and for the whole request. */
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  /** Origins of web pages that may send; `*` for all. Empty: browsers are told nothing. */
  corsOrigins: readonly string[];
}

/** What the server tells whoever counts. */
export interface IntakeObserver {
  /** A request that was answered well; `signal` is what it carried. */
  request(transport: 'otlp' | 'bulk', signal: Signal, bytes: number): void;
  /** `signal` where the request's path names one, `sender` where the service that sent it is known. */
  refused(reason: RefusalReason, sender: string, signal?: Signal): void;
  /** Items of a `_bulk` body that were turned away one by one. */
  itemsRejected(count: number): void;
  /** A connection was closed because there were too many, or because its client took no answer. */
  connectionClosed(reason: 'too_many' | 'stalled'): void;
  failed(error: unknown): void;
}

export interface IntakeServer {
  port: number;
  /** Takes no more connections, lets requests end, closes what is idle. */
  close(): Promise<void>;
}

/** Long enough for exporters that send every minute to keep their connection. */
const KEEP_ALIVE_MS = 75_000;
/** Seconds to wait after a fault of ours. */
const INTERNAL_SECONDS = 5;
const CLOSE_GRACE_MS = 10_000;

/**
 * OTLP/HTTP and the `_bulk` intake on one port.
 * @throws the system's error when the port can not be had.
 */
export async function startIntakeServer(
  options: IntakeServerOptions,
  intake: Intake,
  observer: IntakeObserver,
): Promise<IntakeServer> {
  const budget = new ByteBudget(options.maxInFlightBytes);
  /** Sockets whose last request is being handled or was refused: when they break, nobody is refused a second time. */
  const counted = new WeakSet<object>();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const cors = corsHeaders(request, options.corsOrigins);
    const lease = budget.lease();
    counted.add(request.socket);
    try {
      if (request.method === 'OPTIONS' && cors !== null) {
        send(response, 204, cors, null);
        return;
      }
      await route(request, response, path, cors ?? {}, lease);
      counted.delete(request.socket);
    } catch (error) {
      const refusal = toRefusal(error);
      observer.refused(refusal.code, refusal.sender, OTLP_ROUTES.get(path)?.signal);
      if (refusal.code === 'internal') observer.failed(error);
      refuse(request, response, path, refusal, cors ?? {});
    } finally {
      lease.end();
    }
  };

  const route = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    cors: Record<string, string>,
    lease: ByteLease,
  ): Promise<void> => {
    const otlp = OTLP_ROUTES.get(path);
    if (otlp !== undefined) {
      const { contentType, body, receivedBytes } = await receiveOtlp(request, otlp, intake, options.limits, lease);
      observer.request('otlp', otlp.signal, receivedBytes);
      send(response, 200, { ...cors, 'Content-Type': contentType }, body);
      return;
    }
    const bulk = /^\/(?:([^/]+)\/)?_bulk$/.exec(path);
    if (bulk !== null && (request.method === 'POST' || request.method === 'PUT')) {
      const index = decodeIndex(bulk[1] ?? '');
      const answer = await receiveBulk(request, index, intake, options.limits, lease);
      if (answer.refusal === null) observer.request('bulk', Signal.logs, answer.receivedBytes);
      else observer.refused(answer.refusal.code, answer.refusal.sender, Signal.logs);
      observer.itemsRejected(answer.rejected);
      send(response, 200, { ...cors, ...elasticsearchAnswer.headers(request) }, answer.body);
      return;
    }
    const known = elasticsearchAnswer.of(request.method ?? 'GET', path);
    if (known === null) throw new Refusal('not_found', 404, `Nothing is received at ${path.slice(0, 200)}.`);
    request.resume();
    send(response, 200, { ...cors, ...elasticsearchAnswer.headers(request) }, known);
  };

  const server = createServer(
    {
      headersTimeout: options.headersTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: Math.min(5000, options.headersTimeoutMs),
    },
    (request, response) => void handle(request, response),
  );
  keepRoom(server, options.maxConnections, () => observer.connectionClosed('too_many'));
  // Later than the request is refused for its time: that is answered, and this is not.
  closeStalled(server, 2 * options.requestTimeoutMs, () => observer.connectionClosed('stalled'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // A connection that broke while nothing was asked on it refuses nobody.
    if (error.code !== 'ECONNRESET' && !counted.has(socket)) observer.refused('aborted', '');
    const status = CLIENT_ERRORS[error.code ?? ''] ?? '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    else socket.destroy();
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closeGently(server),
  };
}

const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function listen(server: Server, { host, port }: IntakeServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Connections are closed as soon as they have nothing under way; after the grace, all. */
async function closeGently(server: Server): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const last = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(idle);
  clearTimeout(last);
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof DecodeError || error instanceof JsonFault) {
    return new Refusal('not_decodable', 400, `${error.message}.`, { cause: error });
  }
  // Ours, so the sender keeps its data and tries again: 503 is retryable by the specification, 500 is not.
  return new Refusal('internal', 503, 'The collector failed to take this request.', {
    retryAfterSeconds: INTERNAL_SECONDS,
    cause: error,
  });
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  refusal: Refusal,
  cors: Record<string, string>,
): void {
  if (response.headersSent || response.destroyed) return;
  const headers = { ...cors, ...refusal.headers };
  // Whatever the sender still has to say is read, so that it comes to read this.
  if (!request.complete) request.resume();
  if (!OTLP_ROUTES.has(path) && !path.startsWith('/v1/')) {
    const body = elasticsearchAnswer.error(refusal.status, refusal.message);
    send(response, refusal.status, { ...headers, ...elasticsearchAnswer.headers(request) }, body);
    return;
  }
  const encoding = otlpEncoding(request) ?? 'json';
  const contentType = CONTENT_TYPE[encoding];
  send(response, refusal.status, { ...headers, 'Content-Type': contentType }, statusBody(refusal, encoding));
}

function send(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: Uint8Array | null,
): void {
  response.writeHead(status, body === null ? headers : { ...headers, 'Content-Length': body.length });
  response.end(body ?? undefined);
}

function decodeIndex(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
