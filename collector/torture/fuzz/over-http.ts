import { readFileSync } from 'node:fs';
import type { OrreryProcess } from '../../test/integration/program/orrery-process.js';
import { apiCase } from './api-case.js';
import { checkBeside, validRequest } from './beside.js';
import { readCorpus } from './corpus.js';
import { fuzzCase } from './fuzz-case.js';
import { rawExchange } from './raw-exchange.js';
import { wireRequest } from './wire-request.js';

export interface OverHttpFigures {
  cases: number;
  valid: number;
  /** Statuses of the intake and of the API; `none` where a lying frame got no answer. */
  intake: Record<string, number>;
  api: Record<string, number>;
  slowestMs: number;
  /** Slowest answer to a valid request that went beside. */
  slowestValidMs: number;
  /** Most memory that each process ever had, bytes. */
  rss: Record<string, number>;
}

export interface OverHttpOptions {
  seed: number;
  count: number;
  untilMs: number;
}

const CONNECTIONS = 6;
/** An answer that takes longer is a hang; processes share the machine with whatever else runs. */
const ANSWER_MS = 10_000;
const VALID_EVERY = 20;
const LEGAL_INTAKE = new Set([200, 400, 404, 405, 408, 413, 415, 417, 431, 503]);
/** Beyond them, what the API answers is a fault of ours. */
const LEGAL_API = new Set([200, 204, 400, 403, 404, 405, 409, 413, 414, 415, 422, 431, 501]);
const LARGEST_RSS: Readonly<Record<string, number>> = { ingest: 700e6, store: 1800e6, api: 700e6 };

/**
 * Cases against the running program, with valid requests between them.
 * @throws Error with the seed when an answer is not legal, a process ends or grows, or a valid request is harmed.
 */
export async function overHttp(orrery: OrreryProcess, options: OverHttpOptions): Promise<OverHttpFigures> {
  const corpus = readCorpus();
  const otlpPort = Number(new URL(orrery.otlp).port);
  const uiPort = Number(new URL(orrery.ui).port);
  const figures: OverHttpFigures = {
    cases: 0,
    valid: 0,
    intake: {},
    api: {},
    slowestMs: 0,
    slowestValidMs: 0,
    rss: {},
  };
  const traceIds: string[] = [];
  const before = orrery.roles();
  let next = 0;

  const intakeCase = async (index: number) => {
    const given = fuzzCase(corpus, options.seed, index);
    const { bytes, honest } = wireRequest(given, options.seed, index);
    const answer = await rawExchange(otlpPort, bytes, honest, ANSWER_MS).catch((error: unknown) => {
      throw new Error(`${given.origin}: ${(error as Error).message}`, { cause: error });
    });
    const status = answer.status ?? 'none';
    count(figures.intake, status);
    figures.slowestMs = Math.max(figures.slowestMs, answer.ms);
    const legal = answer.status === null ? !honest : LEGAL_INTAKE.has(answer.status);
    const typed = !honest || /^application\/(?:json|x-protobuf|vnd\.elasticsearch\+json)/.test(answer.contentType);
    if (!legal || !typed) throw new Error(`${given.origin}: answered ${status} "${answer.contentType}"`);
  };

  const askApi = async (index: number) => {
    const { origin, method, path, body } = apiCase(options.seed, index);
    const head = `${method} /api/orrery/v1${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n`;
    const framing = body === null ? '\r\n' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    const bytes = Buffer.concat([Buffer.from(head + framing, 'latin1'), body ?? Buffer.alloc(0)]);
    const answer = await rawExchange(uiPort, bytes, true, ANSWER_MS).catch((error: unknown) => {
      throw new Error(`${origin} ${method} ${path}: ${(error as Error).message}`, { cause: error });
    });
    count(figures.api, answer.status ?? 'none');
    figures.slowestMs = Math.max(figures.slowestMs, answer.ms);
    if (answer.status === null || !LEGAL_API.has(answer.status)) {
      throw new Error(
        `${origin} ${method} ${path} ${body?.toString('latin1').slice(0, 2000)}: answered ${answer.status}`,
      );
    }
    if (
      answer.status >= 400 &&
      !answer.contentType.startsWith('application/problem+json') &&
      answer.contentType !== ''
    ) {
      throw new Error(`${origin} ${method} ${path}: ${answer.status} as "${answer.contentType}"`);
    }
  };

  const sendValid = async () => {
    const { traceId, body } = validRequest();
    const began = performance.now();
    const response = await fetch(`${orrery.otlp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`a valid request was answered ${response.status}`);
    figures.slowestValidMs = Math.max(figures.slowestValidMs, performance.now() - began);
    traceIds.push(traceId);
    figures.valid++;
  };

  const worker = async () => {
    while (next < options.count && Date.now() < options.untilMs) {
      const index = next++;
      await (index % 5 === 0 ? askApi(index) : intakeCase(index));
      if (index % VALID_EVERY === 0) await sendValid();
      figures.cases++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  await caughtUp(orrery.ui);
  await checkBeside(orrery.ui, traceIds, 100);
  const after = orrery.roles();
  for (const [role, pid] of Object.entries(before)) {
    if (after[role] !== pid) throw new Error(`${role} ended and was started again:\n${orrery.output()}`);
    const rss = peakRss(pid);
    figures.rss[role] = rss;
    if (rss > (LARGEST_RSS[role] ?? Number.POSITIVE_INFINITY)) throw new Error(`${role} took ${rss} bytes of memory`);
  }
  return figures;
}

function count(counts: Record<string, number>, status: number | string): void {
  counts[status] = (counts[status] ?? 0) + 1;
}

interface Status {
  log: { lag_bytes: number };
  storage: { dead_letters: number };
  refusals: Record<string, number>;
}

/** Waits until everything that was acknowledged is stored, and nothing of it was set aside. */
async function caughtUp(ui: string): Promise<void> {
  for (const deadline = Date.now() + 300_000; ; ) {
    const status = (await (await fetch(`${ui}/api/orrery/v1/status`)).json()) as Status;
    if (status.storage.dead_letters > 0)
      throw new Error(`${status.storage.dead_letters} acknowledged bodies were set aside`);
    if ((status.refusals['internal'] ?? 0) > 0)
      throw new Error(`${status.refusals['internal']} requests failed inside`);
    if (status.log.lag_bytes === 0) return;
    if (Date.now() > deadline) throw new Error(`the store is ${status.log.lag_bytes} bytes behind`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function peakRss(pid: number): number {
  const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Number(kib) * 1024;
}
