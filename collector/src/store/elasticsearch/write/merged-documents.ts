import type { Client } from '@elastic/elasticsearch';
import { asStoreError } from '../errors.js';
import { type Applied, AppliedLog, appliedOf } from './applied.js';
import type { BulkSender } from './bulk-sender.js';
import { partName, type Refused } from './dead-letters.js';
import { DocumentBatch } from './document-batch.js';
import { JsonBytes } from './json-bytes.js';
import { jsonPiece } from './json-piece.js';
import type { Merging } from './merging.js';
import { RecentMap } from './recent-map.js';

interface Known<Delta> {
  state: Delta;
  applied: Applied;
  seqNo: number;
  primaryTerm: number;
}

interface Numbered<Delta> {
  position: number;
  delta: Delta;
}

interface Pending<Delta> {
  /** Index and id. */
  key: string;
  index: string;
  id: string;
  /** Where the document may be instead, when it was begun before the slice changed. */
  previousIndex: string | null;
  deltas: Numbered<Delta>[];
}

interface Found {
  _index: string;
  _id: string;
  found?: boolean;
  _seq_no?: number;
  _primary_term?: number;
  _source?: Record<string, unknown>;
}

/** States that are remembered between writes. */
const REMEMBERED = 30_000;
/** Documents of one request. */
const AT_ONCE = 2_000;

/**
 * Documents that records are merged into: figures of a minute, edges, trace summaries. Each remembers, per log, the last
 * record that is in it, so a record that comes again changes nothing. Every write is conditional (`create`, or
 * `if_seq_no` of what was read), so neither a second collector nor a request of our own that was thought lost can undo
 * or repeat anything; whoever comes second reads and merges anew. Records of one log must come in their order.
 */
export class MergedDocuments<Delta> {
  readonly #client: Client;
  readonly #sender: BulkSender;
  readonly #log: string;
  readonly #merging: Merging<Delta>;
  readonly #known = new RecentMap<Known<Delta>>(REMEMBERED);
  readonly #applied: AppliedLog;
  #pending = new Map<string, Pending<Delta>>();

  constructor(client: Client, sender: BulkSender, log: string, merging: Merging<Delta>) {
    this.#client = client;
    this.#sender = sender;
    this.#log = log;
    this.#applied = new AppliedLog(log);
    this.#merging = merging;
  }

  /** To be merged into the document with the next {@link flush}. */
  add(index: string, previousIndex: string | null, id: string, position: number, delta: Delta): void {
    const key = `${index}/${id}`;
    const pending = this.#pending.get(key);
    if (pending) pending.deltas.push({ position, delta });
    else this.#pending.set(key, { key, index, id, previousIndex, deltas: [{ position, delta }] });
  }

  /** Forgets what was added and not flushed: the records will come again. */
  discard(): void {
    this.#pending = new Map();
  }

  /** Resolves once everything added is in its documents, on disk; returns what the cluster refused for good. */
  async flush(signal: AbortSignal): Promise<Refused[]> {
    const refused: Refused[] = [];
    let open = [...this.#pending.values()];
    this.#pending = new Map();
    const begunBefore = open.filter((pending) => pending.previousIndex !== null && !this.#known.has(pending.key));
    await this.#readPrevious(begunBefore, signal);
    while (open.length > 0) {
      const next: Pending<Delta>[] = [];
      for (let from = 0; from < open.length; from += AT_ONCE) {
        next.push(...(await this.#write(open.slice(from, from + AT_ONCE), refused, signal)));
      }
      await this.#read(next, signal);
      open = next;
    }
    return refused;
  }

  /** Returns those that somebody else has changed meanwhile, or that were there already. */
  async #write(pending: Pending<Delta>[], refused: Refused[], signal: AbortSignal): Promise<Pending<Delta>[]> {
    const batch = new DocumentBatch();
    const { out } = batch;
    const written: { pending: Pending<Delta>; next: Known<Delta>; fresh: Numbered<Delta>[] }[] = [];
    for (const one of pending) {
      const known = this.#known.get(one.key);
      const fresh = newer(one.deltas, known?.applied.positions[this.#log] ?? -1);
      const next = this.#next(fresh, known);
      if (!next) continue;
      batch.begin();
      // Names of indices and ids are ours: nothing in them needs an escape.
      out.put(known ? INDEX : CREATE);
      if (!batch.isFor(one.index)) {
        out.put(ELSEWHERE);
        out.ascii(one.index);
        out.put(COMMA);
      }
      out.put(ID);
      out.ascii(one.id);
      if (known) out.ascii(`","if_seq_no":${known.seqNo},"if_primary_term":${known.primaryTerm}}}\n`);
      else out.put(END_ACTION);
      this.#merging.write(out, next.state);
      out.put(next.applied.json);
      batch.end();
      written.push({ pending: one, next, fresh });
    }
    if (batch.count === 0) return [];
    const outcomes = await this.#sender.send(batch, true, signal);
    const conflicts: Pending<Delta>[] = [];
    written.forEach(({ pending: one, next, fresh }, place) => {
      const outcome = outcomes[place];
      if (outcome?.status === 409) conflicts.push(one);
      else if (outcome && outcome.status < 300) {
        next.seqNo = outcome.seqNo;
        next.primaryTerm = outcome.primaryTerm;
        this.#known.set(one.key, next);
      } else {
        this.#known.delete(one.key);
        refused.push(this.#refused(one, fresh, outcome?.reason ?? ''));
      }
    });
    return conflicts;
  }

  /** The state with the deltas in it, which are not in it yet; null when there are none. */
  #next(fresh: Numbered<Delta>[], known: Known<Delta> | undefined): Known<Delta> | null {
    const last = fresh.at(-1);
    if (!last) return null;
    return {
      state: this.#merged(known?.state, fresh),
      applied: this.#applied.with(known?.applied, last.position),
      seqNo: known?.seqNo ?? -1,
      primaryTerm: known?.primaryTerm ?? -1,
    };
  }

  /** States are never changed once they are there: whatever is merged becomes a new one. */
  #merged(state: Delta | undefined, fresh: readonly Numbered<Delta>[]): Delta {
    const { copy, merge } = this.#merging;
    const begin = state ?? fresh[0]!.delta;
    const from = state === undefined ? 1 : 0;
    if (from === fresh.length) return begin;
    const merged = copy(begin);
    for (let at = from; at < fresh.length; at++) merge(merged, fresh[at]!.delta);
    return merged;
  }

  /** What was to be merged, as the document that it would be by itself. */
  #refused({ index, id }: Pending<Delta>, fresh: Numbered<Delta>[], reason: string): Refused {
    const part = { log: this.#log, from: fresh[0]?.position ?? 0, to: fresh.at(-1)?.position ?? 0 };
    const out = new JsonBytes(1024);
    this.#merging.write(out, this.#merged(undefined, fresh));
    out.put(appliedOf({ [partName(part)]: part.to }).json);
    return { reason, index, id, document: out.bytes.toString('utf8', 0, out.length), part };
  }

  async #readPrevious(pending: Pending<Delta>[], signal: AbortSignal): Promise<void> {
    const found = await this.#get(
      pending.map((one) => ({ _index: one.previousIndex ?? one.index, _id: one.id })),
      signal,
    );
    pending.forEach((one, place) => {
      const document = found[place];
      if (!document?.found) return;
      one.index = document._index;
      one.key = `${one.index}/${one.id}`;
      this.#known.set(one.key, this.#knownOf(document));
    });
  }

  async #read(pending: Pending<Delta>[], signal: AbortSignal): Promise<void> {
    const found = await this.#get(
      pending.map((one) => ({ _index: one.index, _id: one.id })),
      signal,
    );
    pending.forEach((one, place) => {
      const document = found[place];
      if (document?.found) this.#known.set(one.key, this.#knownOf(document));
      else this.#known.delete(one.key);
    });
  }

  async #get(docs: { _index: string; _id: string }[], signal: AbortSignal): Promise<Found[]> {
    const found: Found[] = [];
    for (let from = 0; from < docs.length; from += AT_ONCE) {
      try {
        const answer = await this.#client.mget({ docs: docs.slice(from, from + AT_ONCE) }, { signal });
        found.push(...(answer.docs as Found[]));
      } catch (error) {
        throw asStoreError(error, 'reading what is to be merged');
      }
    }
    return found;
  }

  #knownOf(document: Found): Known<Delta> {
    const source = document._source ?? {};
    return {
      state: this.#merging.read(source),
      applied: appliedOf((source['applied'] as Record<string, number> | undefined) ?? {}),
      seqNo: document._seq_no ?? -1,
      primaryTerm: document._primary_term ?? -1,
    };
  }
}

const INDEX = jsonPiece('{"index":{');
const CREATE = jsonPiece('{"create":{');
const ELSEWHERE = jsonPiece('"_index":"');
const COMMA = jsonPiece('",');
const ID = jsonPiece('"_id":"');
const END_ACTION = jsonPiece('"}}\n');

/** Of deltas in the order of their records: those of records behind the position. */
function newer<Delta>(deltas: Numbered<Delta>[], position: number): Numbered<Delta>[] {
  const [first] = deltas;
  return first !== undefined && first.position > position ? deltas : deltas.filter((one) => one.position > position);
}
