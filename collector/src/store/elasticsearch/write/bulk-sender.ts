import type { Client } from '@elastic/elasticsearch';
import { errors } from '@elastic/elasticsearch';
import { StoreError } from '../../store.js';
import { asStoreError, isRetryableStatus } from '../errors.js';
import type { DocumentBatch } from './document-batch.js';
import { pause, retryAfterMs, retryDelayMs } from './retry-delay.js';
import { WrittenDocuments } from './written-documents.js';

/** What became of one document. */
export interface ItemOutcome {
  /** 200 or 201: written. 409: there already, or changed meanwhile. Everything else: refused for good. */
  status: number;
  reason: string;
  seqNo: number;
  primaryTerm: number;
}

interface BulkAnswer {
  errors?: boolean;
  items?: Record<string, BulkItem>[];
}
interface BulkItem {
  status?: number;
  _seq_no?: number;
  _primary_term?: number;
  error?: { type?: string; reason?: string; caused_by?: { reason?: string } };
}

/** Places in a batch. */
type Documents = Uint32Array | number[];

type Attempt =
  | { written: WrittenDocuments }
  | { items: BulkItem[] }
  | { retryAfterMs: number; error: unknown }
  | { tooLarge: true };

/** After this long without an answer `write` gives up with a retryable error, so that the tail can say what is wrong. */
const GIVE_UP_AFTER_MS = 30_000;
/** A refusal that is over sooner is no trouble: clusters answer 429 for moments. */
const TELL_AFTER_MS = 3000;

/**
 * Sends batches until every document has an outcome. 429, 502–504 and lost connections are waited out and only the
 * documents concerned are sent again; documents have ids, so one that had arrived before its answer was lost is met
 * again as 409.
 */
export class BulkSender {
  readonly #client: Client;
  readonly #now: () => number;
  /** Since when nothing was taken, and what was answered last. */
  #stalled: { sinceMs: number; error: StoreError } | null = null;
  /** 0, 1, 2 …: all documents of a batch are named without a list of its own. */
  #places = new Uint32Array(0);

  constructor(client: Client, now: () => number = Date.now) {
    this.#client = client;
    this.#now = now;
  }

  /** What keeps documents waiting for longer than a moment, as a sentence; null while the cluster takes them. */
  get trouble(): string | null {
    const stalled = this.#stalled;
    return stalled !== null && this.#now() - stalled.sinceMs >= TELL_AFTER_MS ? stalled.error.message : null;
  }

  /**
   * @param withVersions also returns `_seq_no` and `_primary_term`, which makes answers longer
   * @returns outcomes in the order of the batch; null for a document that was plainly written
   * @throws StoreError `store_unavailable`, retryable, when the cluster takes nothing for too long
   */
  async send(batch: DocumentBatch, withVersions: boolean, signal: AbortSignal): Promise<(ItemOutcome | null)[]> {
    const outcomes = Array.from<ItemOutcome | null>({ length: batch.count }).fill(null);
    try {
      await this.#sendSome(batch, this.#all(batch.count), outcomes, withVersions, signal);
    } catch (error) {
      // Nothing waits here any more: who called says what is wrong, until the next try.
      this.#stalled = null;
      throw error;
    }
    return outcomes;
  }

  #all(count: number): Uint32Array {
    if (count > this.#places.length) this.#places = Uint32Array.from({ length: count * 2 }, (_, place) => place);
    return this.#places.subarray(0, count);
  }

  async #sendSome(
    batch: DocumentBatch,
    documents: Documents,
    outcomes: (ItemOutcome | null)[],
    withVersions: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    let open: Documents = documents;
    let body: Buffer = open.length === batch.count ? batch.body() : concatenated(batch, open);
    let lastProgress = this.#now();
    for (let attempt = 0; open.length > 0; attempt++) {
      if (attempt > 0) batch.sentAgain = true;
      const answer = await this.#attempt(batch.index, body, withVersions, signal);
      if ('tooLarge' in answer) {
        const [only] = open;
        if (open.length === 1 && only !== undefined) {
          outcomes[only] = { status: 413, reason: 'larger than the cluster takes', seqNo: -1, primaryTerm: -1 };
          return;
        }
        const middle = open.length >> 1;
        await this.#sendSome(batch, open.slice(0, middle), outcomes, withVersions, signal);
        await this.#sendSome(batch, open.slice(middle), outcomes, withVersions, signal);
        return;
      }
      const again = settled(answer, open, outcomes);
      if (again.length < open.length) {
        lastProgress = this.#now();
        this.#stalled = null;
      }
      if (again.length === 0) return;
      const error = stalled(answer, outcomes, again);
      this.#stalled = { sinceMs: this.#stalled?.sinceMs ?? this.#now(), error };
      if (this.#now() - lastProgress > GIVE_UP_AFTER_MS) throw error;
      if (again.length < open.length) body = concatenated(batch, again);
      open = again;
      const asked = 'retryAfterMs' in answer ? answer.retryAfterMs : 0;
      await pause(retryDelayMs(attempt, Math.min(asked, GIVE_UP_AFTER_MS)), signal);
    }
  }

  async #attempt(index: string | null, body: Buffer, withVersions: boolean, signal: AbortSignal): Promise<Attempt> {
    const versions = withVersions ? ',items.*._seq_no,items.*._primary_term' : '';
    try {
      const answer = (await this.#client.transport.request(
        {
          method: 'POST',
          path: index === null ? '/_bulk' : `/${index}/_bulk`,
          querystring: { filter_path: `errors,items.*.status,items.*.error${versions}` },
          bulkBody: body,
        },
        { signal },
      )) as BulkAnswer | WrittenDocuments;
      if (answer instanceof WrittenDocuments) return { written: answer };
      return { items: (answer.items ?? []).map((item) => Object.values(item)[0] ?? {}) };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof errors.ResponseError) {
        const status = error.statusCode ?? 0;
        if (status === 413) return { tooLarge: true };
        if (!isRetryableStatus(status)) throw asStoreError(error, 'writing');
        return { retryAfterMs: retryAfterMs(error.headers?.['retry-after'], this.#now()), error };
      }
      return { retryAfterMs: 0, error };
    }
  }
}

/**
 * A document itself can only be refused for its content or its size. Everything else (a full queue, a missing shard, a
 * block on the index, an error of the server) says something about the cluster, and the document waits.
 */
function isFinal(status: number): boolean {
  return (status >= 200 && status < 300) || status === 400 || status === 409 || status === 413;
}

function concatenated(batch: DocumentBatch, documents: Documents): Buffer {
  return Buffer.concat(Array.from(documents, (index) => batch.bytesOf(index)));
}

/** Notes the outcomes that are final; returns the documents that have to be sent again. */
function settled(answer: Attempt, open: Documents, outcomes: (ItemOutcome | null)[]): Documents {
  if ('items' in answer) return settle(answer.items, open, outcomes);
  // What tells of fewer documents or of more tells of none.
  if (!('written' in answer) || answer.written.count !== open.length) return open;
  const { versions } = answer.written;
  for (let place = 0; place < open.length; place++) {
    // Also where an attempt before was answered otherwise.
    outcomes[open[place]!] = versions && {
      status: 201,
      reason: '',
      seqNo: versions[place * 2]!,
      primaryTerm: versions[place * 2 + 1]!,
    };
  }
  return [];
}

function settle(items: BulkItem[], open: Documents, outcomes: (ItemOutcome | null)[]): number[] {
  const again: number[] = [];
  open.forEach((index, place) => {
    const item = items[place];
    const status = item?.status ?? 503;
    if (!isFinal(status)) {
      outcomes[index] = outcomeOf(item, status);
      again.push(index);
    } else outcomes[index] = status === 201 && item?._seq_no === undefined ? null : outcomeOf(item, status);
  });
  return again;
}

function outcomeOf(item: BulkItem | undefined, status: number): ItemOutcome {
  const reason = [item?.error?.type, item?.error?.reason, item?.error?.caused_by?.reason].filter(Boolean).join(': ');
  return {
    status,
    reason: reason.slice(0, 2000),
    seqNo: item?._seq_no ?? -1,
    primaryTerm: item?._primary_term ?? -1,
  };
}

function stalled(answer: Attempt, outcomes: (ItemOutcome | null)[], again: Documents): StoreError {
  if ('error' in answer) return asStoreError(answer.error, 'writing');
  const reason = outcomes[again[0] ?? 0]?.reason ?? '';
  return new StoreError('store_unavailable', `Elasticsearch takes no more documents at the moment: ${reason}`, {
    retryable: true,
  });
}
