import { Agent, request } from 'node:http';
import type { LetterDesk } from '../set-aside/letter-desk.js';
import { StoreError, type StoreErrorCode, type TelemetryReader } from '../store.js';
import {
  HEALTH_PATH,
  LETTER_QUESTIONS,
  LETTERS_PATH,
  QUESTION_PATH,
  QUESTIONS,
  type StoreProcessHealth,
  type WireFault,
} from './wire.js';

export interface StoreClient {
  reader: TelemetryReader;
  letters: LetterDesk;
  /** Rejects with `store_unavailable` when the store process does not answer. */
  health(signal: AbortSignal): Promise<StoreProcessHealth>;
  close(): void;
}

const MAX_SOCKETS = 32;

/** Asks the store process behind a unix socket. It may start later, or anew: every question connects as needed. */
export function createStoreClient(socketPath: string): StoreClient {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const post = (path: string, values: readonly unknown[], signal: AbortSignal) =>
    exchange(socketPath, agent, path, JSON.stringify(values), signal);
  const asking = (prefix: string, methods: Record<string, number>): unknown =>
    Object.fromEntries(
      Object.entries(methods).map(([name, count]) => [
        name,
        (...values: unknown[]) => post(prefix + name, values.slice(0, count), values[count] as AbortSignal),
      ]),
    );
  return {
    reader: asking(QUESTION_PATH, QUESTIONS) as TelemetryReader,
    letters: asking(LETTERS_PATH, LETTER_QUESTIONS) as LetterDesk,
    health: (signal) => post(HEALTH_PATH, [], signal) as Promise<StoreProcessHealth>,
    close: () => agent.destroy(),
  };
}

async function exchange(
  socketPath: string,
  agent: Agent,
  path: string,
  body: string,
  signal: AbortSignal,
): Promise<unknown> {
  signal.throwIfAborted();
  const { status, text } = await sent(socketPath, agent, path, body, signal)
    // A connection that was kept may be closed by the store at the moment it is used again: nothing was asked then.
    .catch((fault: unknown) => {
      if (!(fault instanceof KeptConnectionLost)) throw fault;
      return sent(socketPath, agent, path, body, signal);
    })
    .catch((cause: unknown) => {
      if (signal.aborted) throw signal.reason;
      throw new StoreError('store_unavailable', 'The store process does not answer; it may be starting.', {
        retryable: true,
        cause,
      });
    });
  const value = JSON.parse(text) as unknown;
  if (status === 200) return value;
  const fault = value as WireFault;
  throw new StoreError(fault.code as StoreErrorCode, fault.message, { retryable: fault.retryable });
}

/** The store closed a connection it had been silent on, before it said anything to the request. */
class KeptConnectionLost extends Error {}

function sent(
  socketPath: string,
  agent: Agent,
  path: string,
  body: string,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { socketPath, agent, path, method: 'POST', signal, headers: { 'content-length': Buffer.byteLength(body) } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 500, text: Buffer.concat(chunks).toString() }),
        );
        response.on('error', reject);
      },
    );
    asked.on('error', (cause: NodeJS.ErrnoException) => {
      const isLost = asked.reusedSocket && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');
      reject(isLost ? new KeptConnectionLost('the connection was closed meanwhile', { cause }) : cause);
    });
    asked.end(body);
  });
}
