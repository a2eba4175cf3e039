import type { Agent } from '../../engine/engine.js';
import { ABORTED, CLIENT_CLOSED, SERVER_CLOSED, type ServerEndings } from '../http/server-endings.js';
import {
  attachServerRequest,
  type RequestLike,
  type ResponseLike,
  type ServerRequest,
} from '../http/server-request.js';
import { serverRequests } from '../http/server-span.js';

export type StreamHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What is used of a server's stream. */
export interface ServedStream {
  readonly aborted: boolean;
  readonly rstCode?: number;
  readonly errored?: { readonly code?: unknown } | null;
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  readonly sentHeaders?: Readonly<Record<string, unknown>>;
  readonly session?: {
    readonly encrypted?: boolean;
    readonly socket?: { readonly remoteAddress?: string };
  };
  on(event: 'close', listener: () => void): unknown;
}

/** Makes the function that begins the server span of a stream; `undefined` for gRPC. */
export function serverStreams(
  agent: Agent,
): (
  stream: ServedStream,
  headers: StreamHeaders,
  flags: number,
  rawHeaders: readonly string[],
) => ServerRequest | undefined {
  const begin = serverRequests(agent, http2Endings);
  return (stream, headers, _flags, rawHeaders) => {
    if (String(headers['content-type'] ?? '').startsWith('application/grpc')) return undefined;
    const host = headers[':authority'] ?? headers['host'];
    const remoteAddress = stream.session?.socket?.remoteAddress;
    const state = begin(
      {
        method: String(headers[':method']),
        url: String(headers[':path'] ?? '/'),
        httpVersion: '2',
        rawHeaders: host === undefined ? rawHeaders : ['host', String(host), ...rawHeaders],
        socket: stream.session?.encrypted === true ? ({ remoteAddress, encrypted: true } as object) : { remoteAddress },
      },
      new StreamResponse(stream),
    );
    if (state !== undefined) attachServerRequest(stream, state);
    return state;
  };
}

/** RFC 9113, 7: the stream is no longer needed; also what streams are closed with when their connection goes. */
const CANCEL = 8;

/** Whoever resets a stream, this side sees the same, but for what callers alone say and errors of the application alone. */
const http2Endings: ServerEndings<RequestLike, StreamResponse> = {
  watch: (_request, { stream }, state, end) => {
    stream.on('close', () => end(state));
    return true;
  },
  brokenBy: (_request, { stream }) => {
    if (stream.rstCode === CANCEL) return CLIENT_CLOSED;
    const { errored } = stream;
    if (errored === undefined || errored === null) return ABORTED;
    return String(errored.code).startsWith('ERR_HTTP2_') ? ABORTED : SERVER_CLOSED;
  },
};

/** The answer of a stream, as that of HTTP/1 is read. */
class StreamResponse implements ResponseLike {
  constructor(readonly stream: ServedStream) {}

  get headersSent(): boolean {
    return this.stream.headersSent;
  }
  get statusCode(): number {
    return Number(this.stream.sentHeaders?.[':status'] ?? 0);
  }
  /** A stream that was reset did not end well, whatever had been written. */
  get writableFinished(): boolean {
    return this.stream.headersSent && !this.stream.aborted && (this.stream.rstCode ?? 0) === 0;
  }
  get writableEnded(): boolean {
    return this.stream.writableEnded;
  }
}
