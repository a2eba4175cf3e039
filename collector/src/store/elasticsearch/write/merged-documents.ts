import type { Client } from '@elastic/elasticsearch';
import { asStoreError } from '../errors.js';
import type { BulkSender } from './bulk-sender.js';
import type { Refused } from './dead-letters.js';
import { DocumentBatch } from './document-batch.js';
import { RecentMap } from './recent-map.js';

/** What a kind of merged document is: how deltas become a state, and a state a document. */
export interface Merging<Delta> {
  /** A state of its own that begins as this delta. */
  copy(delta: Delta): Delta;
  /** Adds `from` to `into`, which the caller owns. */
  merge(into: Delta, from: Delta): void;
  /** Fields to search by, and whatever `read` needs: a JSON object without its last brace. */
  write(state: Delta): string;
  read(source: Record<string, unknown>): Delta;
}

interface Known<Delta> {
  state: Delta;
  /** Per log, the position of the last record that is in the state. */
  applied: Record<string, number>;
  seqNo: number;
  primaryTerm: number;
}

interface Pending<Delta> {
  index: string;
  id: string;
  /** Where the document may be instead, when it was begun before the slice changed. */
  previousIndex: string | null;
  deltas: { position: number; delta: Delta }[];
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
  #pending = new Map<string, Pending<Delta>>();

  constructor(client: Client, sender: BulkSender, log: string, merging: Merging<Delta>) {
    this.#client = client;
    this.#sender = sender;
    this.#log = log;
    this.#merging = merging;
  }

  /** To be merged into the document with the next {@link flush}. */
  add(index: string, previousIndex: string | null, id: string, position: number, delta: Delta): void {
    const key = `${index}/${id}`;
    const pending = this.#pending.get(key);
    if (pending) pending.deltas.push({ position, delta });
    else this.#pending.set(key, { index, id, previousIndex, deltas: [{ position, delta }] });
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
    const begunBefore = open.filter((pending) => pending.previousIndex !== null && !this.#known.has(keyOf(pending)));
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
    const written: { pending: Pending<Delta>; next: Known<Delta> }[] = [];
    for (const one of pending) {
      const key = keyOf(one);
      const known = this.#known.get(key);
      const next = this.#next(one, known);
      if (!next) continue;
      const condition = known ? `,"if_seq_no":${known.seqNo},"if_primary_term":${known.primaryTerm}` : '';
      // Names of indices and ids are ours: nothing in them needs an escape.
      batch.addText(
        `{"${known ? 'index' : 'create'}":{"_index":"${one.index}","_id":"${one.id}"${condition}}}\n` +
          `${this.#merging.write(next.state)},"applied":${JSON.stringify(next.applied)}}`,
      );
      written.push({ pending: one, next });
    }
    if (batch.count === 0) return [];
    const outcomes = await this.#sender.send(batch, true, signal);
    const conflicts: Pending<Delta>[] = [];
    written.forEach(({ pending: one, next }, place) => {
      const outcome = outcomes[place];
      if (outcome?.status === 409) conflicts.push(one);
      else if (outcome && outcome.status < 300) {
        this.#known.set(keyOf(one), { ...next, seqNo: outcome.seqNo, primaryTerm: outcome.primaryTerm });
      } else {
        this.#known.delete(keyOf(one));
        refused.push({ reason: outcome?.reason ?? '', document: batch.bytesOf(place).toString('utf8') });
      }
    });
    return conflicts;
  }

  /** The state with every delta in it that is not in it yet; null when nothing is new. */
  #next(pending: Pending<Delta>, known: Known<Delta> | undefined): Known<Delta> | null {
    const applied = known?.applied[this.#log] ?? -1;
    const fresh = pending.deltas.filter(({ position }) => position > applied);
    const last = fresh.at(-1);
    if (!last) return null;
    let state = known && this.#merging.copy(known.state);
    for (const { delta } of fresh) {
      if (state === undefined) state = this.#merging.copy(delta);
      else this.#merging.merge(state, delta);
    }
    if (state === undefined) return null;
    return {
      state,
      applied: { ...known?.applied, [this.#log]: last.position },
      seqNo: known?.seqNo ?? -1,
      primaryTerm: known?.primaryTerm ?? -1,
    };
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
      this.#known.set(keyOf(one), this.#knownOf(document));
    });
  }

  async #read(pending: Pending<Delta>[], signal: AbortSignal): Promise<void> {
    const found = await this.#get(
      pending.map((one) => ({ _index: one.index, _id: one.id })),
      signal,
    );
    pending.forEach((one, place) => {
      const document = found[place];
      if (document?.found) this.#known.set(keyOf(one), this.#knownOf(document));
      else this.#known.delete(keyOf(one));
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
      applied: (source['applied'] as Record<string, number> | undefined) ?? {},
      seqNo: document._seq_no ?? -1,
      primaryTerm: document._primary_term ?? -1,
    };
  }
}

function keyOf({ index, id }: { index: string; id: string }): string {
  return `${index}/${id}`;
}
