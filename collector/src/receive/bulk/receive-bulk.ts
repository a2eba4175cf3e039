import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BodyEncoding, Signal } from '../../log/log-record.js';
import type { ByteLease } from '../byte-budget.js';
import type { Intake } from '../intake.js';
import { type BodyLimits, readBody } from '../read-body.js';
import { Refusal } from '../refusal.js';
import { type BulkItem, parseBulk } from './bulk-lines.js';
import { checkDepth, encodeLogs } from './encode-logs.js';
import { type LogDocument, toLogDocument } from './log-document.js';

interface ItemResult {
  status: number;
  type: string;
  reason: string;
}

/** What a `_bulk` request is answered with, and how many of its items were turned away for what they are. */
export interface BulkAnswer {
  body: Uint8Array;
  rejected: number;
  receivedBytes: number;
  /** Why nothing of it was taken, for now; every item says so. */
  refusal: Refusal | null;
}

/**
 * Elasticsearch's `_bulk`: documents become log records. Bad items are reported one by one among the good ones. When
 * the log takes nothing every item says 429, which is what bulk clients wait for and try again.
 * @throws Refusal for a body that is not a bulk body.
 */
export async function receiveBulk(
  request: IncomingMessage,
  defaultIndex: string,
  intake: Intake,
  limits: BodyLimits,
  lease: ByteLease,
): Promise<BulkAnswer> {
  const started = performance.now();
  const { plain, received } = await readBody(request, 'json', limits, lease);
  const items = parseBulk(plain, defaultIndex);
  const results: ItemResult[] = [];
  const documents: LogDocument[] = [];
  for (const item of items) results.push(translate(item, documents));
  const rejected = results.filter(({ status }) => status >= 400).length;
  const refusal = documents.length > 0 ? await deliver(documents, intake) : null;
  if (refusal !== null) {
    const told = { status: 429, type: 'es_rejected_execution_exception', reason: refusal.message };
    for (const result of results) if (result.status < 400) Object.assign(result, told);
  }
  return {
    body: answer(items, results, Math.round(performance.now() - started)),
    rejected,
    receivedBytes: received.length,
    refusal,
  };
}

function translate(item: BulkItem, documents: LogDocument[]): ItemResult {
  if (item.document === null) return { status: 400, type: 'illegal_argument_exception', reason: item.fault };
  try {
    checkDepth(item.document);
    documents.push(toLogDocument(item.document));
    return { status: 201, type: '', reason: '' };
  } catch (error) {
    return { status: 400, type: 'document_parsing_exception', reason: (error as Error).message };
  }
}

/** Why nothing was taken for now, or null. */
async function deliver(documents: LogDocument[], intake: Intake): Promise<Refusal | null> {
  const plain = encodeLogs(documents);
  try {
    await intake.take({ signal: Signal.logs, tenant: '', plain, stored: plain, encoding: BodyEncoding.identity });
    return null;
  } catch (error) {
    if (error instanceof Refusal && error.retryable) return error;
    throw error;
  }
}

function answer(items: BulkItem[], results: ItemResult[], took: number): Buffer {
  const errors = results.some(({ status }) => status >= 400);
  return Buffer.from(
    JSON.stringify({
      took,
      errors,
      items: items.map((item, i) => ({ [item.action]: itemAnswer(item, results[i]!) })),
    }),
  );
}

function itemAnswer(item: BulkItem, { status, type, reason }: ItemResult): object {
  const head = { _index: item.index, _id: item.id ?? randomUUID(), status };
  if (status >= 400) return { ...head, error: { type, reason } };
  return {
    ...head,
    _version: 1,
    result: 'created',
    _shards: { total: 1, successful: 1, failed: 0 },
    _seq_no: 0,
    _primary_term: 1,
  };
}
