import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { LetterDesk } from '../set-aside/letter-desk.js';
import { StoreError, type TelemetryReader } from '../store.js';
import {
  HEALTH_PATH,
  LETTER_QUESTIONS,
  LETTERS_PATH,
  QUESTION_PATH,
  QUESTIONS,
  SNAPSHOT_PATH,
  type StoreProcessHealth,
  type WireFault,
} from './wire.js';

const MAX_QUESTION_BYTES = 1 << 20;

/** What the store process answers with. */
export interface StoreAnswers {
  reader: TelemetryReader;
  letters: LetterDesk;
  health(): Promise<StoreProcessHealth>;
  /** Missing where what is stored is not this process's. */
  snapshot?: Snapshot;
}

/** Copies what is stored into a folder and tells of it as it goes on. */
export type Snapshot = (folder: string, progress: (progress: object) => void, signal: AbortSignal) => Promise<void>;

/** Answers questions over a unix socket that only this user may open. */
export async function serveStore(socketPath: string, answers: StoreAnswers): Promise<Server> {
  // What a killed process left behind; the slices' lock makes sure that it is dead.
  await rm(socketPath, { force: true });
  const server = createServer((request, response) => void answer(request, response, answers));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, answers: StoreAnswers): Promise<void> {
  const hangUp = new AbortController();
  response.on('close', () => {
    if (!response.writableEnded) hangUp.abort();
  });
  try {
    const url = request.url ?? '';
    if (url === SNAPSHOT_PATH) return await answerSnapshot(request, response, answers.snapshot, hangUp.signal);
    send(response, 200, url === HEALTH_PATH ? await answers.health() : await ask(url, request, answers, hangUp.signal));
  } catch (error) {
    if (hangUp.signal.aborted) response.destroy();
    else send(response, 500, faultOf(error));
  }
}

async function answerSnapshot(
  request: IncomingMessage,
  response: ServerResponse,
  snapshot: Snapshot | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!snapshot)
    throw new StoreError('store_cannot', 'Telemetry is kept in Elasticsearch: make a snapshot there.', {
      retryable: false,
    });
  const { folder } = JSON.parse(await bodyOf(request)) as { folder: string };
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const line = (value: object) => response.write(`${JSON.stringify(value)}\n`);
  try {
    await snapshot(folder, line, signal);
    line({ done: true });
  } catch (error) {
    line(faultOf(error));
  }
  response.end();
}

async function ask(
  url: string,
  request: IncomingMessage,
  { reader, letters }: StoreAnswers,
  signal: AbortSignal,
): Promise<unknown> {
  for (const { path, methods, target } of [
    { path: QUESTION_PATH, methods: QUESTIONS, target: reader },
    { path: LETTERS_PATH, methods: LETTER_QUESTIONS, target: letters },
  ]) {
    const name = url.startsWith(path) ? url.slice(path.length) : '';
    if (!Object.hasOwn(methods, name)) continue;
    const values = JSON.parse(await bodyOf(request)) as unknown[];
    const method = (target as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>)[name];
    const count = (methods as Record<string, number>)[name];
    return await method?.call(target, ...values.slice(0, count), signal);
  }
  throw new StoreError('store_cannot', `this store does not know the question "${url}"`, { retryable: false });
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
