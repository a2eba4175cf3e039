import { Agent, buildConnector, type Dispatcher, interceptors, request } from 'undici';

/** Where the time of one request went, in milliseconds. `connect` is 0 on a connection that was open already. */
export interface RequestTimings {
  connect_ms: number;
  first_byte_ms: number;
  total_ms: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timings: RequestTimings;
}

export interface HttpQuestion {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly redirects: number;
  readonly signal: AbortSignal;
}

/** The connections of one run: opened for it, closed with it, so that every run also tries to connect. */
export interface Connections {
  ask(question: HttpQuestion): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const BODY_LIMIT = 4 * 1024 * 1024;

/** An answer whose body goes beyond what a check reads. */
export class AnswerTooLargeError extends Error {
  readonly code = 'answer_too_large';
  readonly retryable = false;
  constructor() {
    super(`The answer is larger than ${BODY_LIMIT / 1024 / 1024} MiB.`);
    this.name = 'AnswerTooLargeError';
  }
}

/** Opens a set of connections. `ask` throws what undici throws, and {@link AnswerTooLargeError}. */
export function openConnections(): Connections {
  const connect = buildConnector({ timeout: 10_000 });
  let connectMs = 0;
  const agent = new Agent({
    connect: (options, callback) => {
      const began = performance.now();
      connect(options, (...result) => {
        connectMs += performance.now() - began;
        callback(...result);
      });
    },
    pipelining: 1,
    connections: 2,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const following = new Map<number, Dispatcher>();
  const dispatcherFor = (redirects: number): Dispatcher => {
    if (redirects === 0) return agent;
    const known = following.get(redirects) ?? agent.compose(interceptors.redirect({ maxRedirections: redirects }));
    following.set(redirects, known);
    return known;
  };
  return {
    async ask({ method, url, headers, body, redirects, signal }) {
      connectMs = 0;
      const began = performance.now();
      const answer = await request(url, {
        method: method as Dispatcher.HttpMethod,
        headers,
        signal,
        dispatcher: dispatcherFor(redirects),
        ...(body === undefined ? {} : { body }),
      });
      const firstByte = performance.now();
      const text = await readLimited(answer.body);
      return {
        status: answer.statusCode,
        headers: plainHeaders(answer.headers),
        body: text,
        timings: {
          connect_ms: rounded(connectMs),
          first_byte_ms: rounded(firstByte - began),
          total_ms: rounded(performance.now() - began),
        },
      };
    },
    close: () => agent.destroy(),
  };
}

async function readLimited(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new AnswerTooLargeError();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
