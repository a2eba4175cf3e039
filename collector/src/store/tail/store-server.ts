import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StoreError, type TelemetryReader } from '../store.js';
import {
  HEALTH_PATH,
  QUESTION_PATH,
  QUESTIONS,
  type QuestionName,
  type StoreProcessHealth,
  type WireFault,
} from './wire.js';

const MAX_QUESTION_BYTES = 1 << 20;

/** Answers questions over a unix socket that only this user may open. */
export async function serveStore(
  socketPath: string,
  reader: TelemetryReader,
  health: () => Promise<StoreProcessHealth>,
): Promise<Server> {
  // What a killed process left behind; the slices' lock makes sure that it is dead.
  await rm(socketPath, { force: true });
  const server = createServer((request, response) => void answer(request, response, reader, health));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  reader: TelemetryReader,
  health: () => Promise<StoreProcessHealth>,
): Promise<void> {
  const hangUp = new AbortController();
  response.on('close', () => {
    if (!response.writableEnded) hangUp.abort();
  });
  try {
    const url = request.url ?? '';
    const result = url === HEALTH_PATH ? await health() : await ask(url, request, reader, hangUp.signal);
    send(response, 200, result);
  } catch (error) {
    if (hangUp.signal.aborted) response.destroy();
    else send(response, 500, faultOf(error));
  }
}

async function ask(
  url: string,
  request: IncomingMessage,
  reader: TelemetryReader,
  signal: AbortSignal,
): Promise<unknown> {
  const name = url.startsWith(QUESTION_PATH) ? url.slice(QUESTION_PATH.length) : '';
  if (!isQuestion(name)) {
    throw new StoreError('store_cannot', `this store does not know the question "${name}"`, { retryable: false });
  }
  const body = await bodyOf(request);
  const method = reader[name] as (...values: unknown[]) => Promise<unknown>;
  return await method.call(reader, ...(JSON.parse(body) as unknown[]).slice(0, QUESTIONS[name]), signal);
}

function isQuestion(name: string): name is QuestionName {
  return Object.hasOwn(QUESTIONS, name);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_QUESTION_BYTES)
      throw new StoreError('question_too_large', 'the question is too long', { retryable: false });
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function faultOf(error: unknown): WireFault {
  if (error instanceof StoreError) return { code: error.code, message: error.message, retryable: error.retryable };
  return { code: 'store_failed', message: error instanceof Error ? error.message : String(error), retryable: true };
}
