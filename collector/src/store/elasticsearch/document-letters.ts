import type { Client } from '@elastic/elasticsearch';
import type { DeadLetter, ReplayOutcome } from '../../api/contract/index.js';
import { groupOf, type LetterPlace } from '../set-aside/letter-desk.js';
import { StoreError } from '../store.js';
import { edgeMerging, redMerging, senderMerging, traceMerging } from './delta-documents.js';
import { asStoreError } from './errors.js';
import type { IndexNames } from './indices.js';
import { type Found, Search } from './read/search.js';
import { KEPT_LENGTH, partName } from './write/dead-letters.js';
import { LogCursor } from './write/log-cursor.js';
import type { Merging } from './write/merging.js';
import { type RefusedPart, replayPart } from './write/replay-part.js';

const PREFIX = 'd-';
/** Documents that records are merged into: what was refused is a part of one. All others are the whole of it. */
const MERGED: Readonly<Record<string, ReplayPart>> = {
  red: partsOf(redMerging),
  edges: partsOf(edgeMerging),
  traces: partsOf(traceMerging),
  senders: partsOf(senderMerging),
};
type ReplayPart = (client: Client, part: RefusedPart, signal: AbortSignal) => Promise<void>;
/** Letters that groups are counted over, newest first. */
const COUNTED = 1000;
const SHOWN = 200_000;
const NOT_YET = 'The request it came with is still being stored: try again in a moment.';

interface LetterSource {
  '@timestamp': number;
  index: string;
  id: string;
  reason: string;
  document: string;
  /** Of a part of a merged document: the records that it is from. */
  log?: string;
  position?: number;
  last_position?: number;
}
type Hit = Found<LetterSource>;

/** Single documents that the cluster refused: they stand in an index of their own, slice by slice, until retention. */
export function documentLetters(client: Client, names: IndexNames): LetterPlace {
  const search = new Search(client, names);
  const sort = [{ '@timestamp': 'desc' as const }, { index: 'asc' as const }, { id: 'asc' as const }];

  async function find(id: string, signal: AbortSignal): Promise<Hit | null> {
    const place = placeOf(id);
    if (!place || !place.index.startsWith(`${names.alias('dead-letters')}-`)) return null;
    try {
      const found = await client.get<LetterSource>({ index: place.index, id: place.id }, { signal });
      return found._source ? { id: found._id, source: found._source, sort: [], index: found._index } : null;
    } catch (error) {
      signal.throwIfAborted();
      if ((error as { statusCode?: number }).statusCode === 404) return null;
      throw asStoreError(error, 'reading a dead letter');
    }
  }

  async function remove({ index, id }: Hit, signal: AbortSignal): Promise<void> {
    try {
      await client.delete({ index, id, refresh: 'wait_for' }, { signal });
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 404) throw asStoreError(error, 'removing a dead letter');
    }
  }

  function letterOf({ id, source, index }: Hit): DeadLetter {
    const kind = kindOf(source);
    return {
      id: PREFIX + Buffer.from(`${index}/${id}`).toString('base64url'),
      kind: 'document',
      about: kind,
      reason: source.reason,
      group: groupOf(source.reason),
      place: `document ${source.id} of ${source.index}`,
      bytes: Buffer.byteLength(source.document),
      received: null,
      set_aside: `${BigInt(source['@timestamp']) * 1_000_000n}`,
      final: finalOf(kind, source),
    };
  }

  function kindOf({ index }: LetterSource): string {
    return index.slice(names.alias('spans').length - 'spans'.length).replace(/-[\d.]+$/, '');
  }

  /** Null once it is stored; a sentence where it can not be, yet. */
  async function putBack({ source }: Hit, signal: AbortSignal): Promise<string | null> {
    const { index, id, log, position = 0, last_position: to = position } = source;
    const document = JSON.parse(source.document) as Record<string, unknown>;
    const replay = MERGED[kindOf(source)];
    if (!replay || log === undefined) {
      await client.create({ index, id, document }, { signal });
      return null;
    }
    // Until the log's cursor is past it, its record may come again, and bring what was refused by itself.
    if (position >= (await new LogCursor(client, names, log).read())) return NOT_YET;
    await replay(client, { index, id, document, name: partName({ log, to }) }, signal);
    return null;
  }

  async function newest(
    size: number,
    after: string | null,
    signal: AbortSignal,
  ): Promise<{ hits: Hit[]; behind: string | null }> {
    const { hits } = await search.ask<LetterSource>(
      'dead-letters',
      { size, sort, ...(after === null ? {} : { search_after: sortOf(after) }) },
      signal,
    );
    const last = hits.length === size ? hits.at(-1) : undefined;
    return { hits, behind: last ? JSON.stringify(last.sort) : null };
  }

  return {
    prefix: PREFIX,
    count: (signal) => search.count('dead-letters', { match_all: {} }, signal),
    async groups(signal) {
      const groups = new Map<string, number>();
      const { hits } = await search.ask<LetterSource>(
        'dead-letters',
        { size: COUNTED, sort, _source: ['reason'] },
        signal,
      );
      for (const { source } of hits) {
        const group = groupOf(source.reason);
        groups.set(group, (groups.get(group) ?? 0) + 1);
      }
      return groups;
    },
    async page({ group, after, limit }, signal) {
      const letters: DeadLetter[] = [];
      let next = after;
      for (;;) {
        const { hits, behind } = await newest(Math.max(1, limit - letters.length), next, signal);
        letters.push(...hits.map(letterOf).filter((letter) => group === '' || letter.group === group));
        next = behind;
        if (next === null || letters.length >= limit) return { letters, next };
      }
    },
    async show(id, signal) {
      const hit = await find(id, signal);
      if (!hit) return null;
      const text = pretty(hit.source.document);
      const content = { format: 'json' as const, text: text.slice(0, SHOWN), truncated: text.length > SHOWN };
      return { letter: letterOf(hit), content, fault: null };
    },
    async replay(id, signal): Promise<ReplayOutcome | null> {
      const hit = await find(id, signal);
      if (!hit) return null;
      const { final } = letterOf(hit);
      if (final !== null) return { outcome: 'refused', sentence: final };
      try {
        const sentence = await putBack(hit, signal);
        if (sentence !== null) return { outcome: 'refused', sentence };
      } catch (error) {
        signal.throwIfAborted();
        const status = (error as { statusCode?: number }).statusCode;
        if (status === 400 || status === 413) return { outcome: 'refused', sentence: reasonOf(error) };
        // 409: an earlier replay stored it and was cut off before the letter was gone.
        if (status !== 409) throw asStoreError(error, 'storing a dead letter');
      }
      await remove(hit, signal);
      return { outcome: 'stored', sentence: `It is stored in ${hit.source.index}.` };
    },
    async drop(id, signal) {
      const hit = await find(id, signal);
      if (hit) await remove(hit, signal);
      return hit !== null;
    },
  };
}

function partsOf<Delta>(merging: Merging<Delta>): ReplayPart {
  return (client, part, signal) => replayPart(client, merging, part, signal);
}

function finalOf(kind: string, { document, log }: LetterSource): string | null {
  if (kind in MERGED && log === undefined)
    return 'An older Orrery set it aside, as a state of something that is merged: it can not be put back.';
  if (document.length >= KEPT_LENGTH) return 'It was too long to be kept whole.';
  return null;
}

function placeOf(id: string): { index: string; id: string } | null {
  const text = Buffer.from(id.slice(PREFIX.length), 'base64url').toString();
  const slash = text.indexOf('/');
  return slash < 1 ? null : { index: text.slice(0, slash), id: text.slice(slash + 1) };
}

function sortOf(cursor: string): [number, string, string] {
  try {
    return JSON.parse(cursor) as [number, string, string];
  } catch (cause) {
    throw new StoreError('cursor_invalid', 'The cursor was not made for this list.', { retryable: false, cause });
  }
}

function pretty(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2);
  } catch {
    return document;
  }
}

function reasonOf(error: unknown): string {
  const body = (
    error as { meta?: { body?: { error?: { type?: string; reason?: string; caused_by?: { reason?: string } } } } }
  ).meta?.body?.error;
  return [body?.type, body?.reason, body?.caused_by?.reason].filter(Boolean).join(': ').slice(0, 2000);
}
