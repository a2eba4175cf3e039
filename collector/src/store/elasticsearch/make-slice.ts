import type { Client } from '@elastic/elasticsearch';
import { asStoreError } from './errors.js';
import { fewAtOnce } from './few-at-once.js';
import { type IndexNames, LASTING_KINDS, SLICED_KINDS } from './indices.js';

const MINUTE_MS = 60_000;
/** How long before its time a slice is made: a small part of its length, but never less than two rounds of upkeep. */
const MOST_AHEAD_MS = 10 * MINUTE_MS;
const LEAST_AHEAD_MS = 2 * MINUTE_MS;

/**
 * Makes the indices of a slice before anything comes for it: a shard takes its time to start, and the first write of a
 * slice would wait for each of them in turn. Harmless to repeat, and for several collectors at once. Dead letters are
 * seldom, their index is made by the first.
 */
async function makeSlice(client: Client, names: IndexNames, startMs: number, signal: AbortSignal): Promise<void> {
  const sliced = SLICED_KINDS.filter((kind) => kind !== 'dead-letters').map((kind) => names.slice(kind, startMs));
  const wanted = [...sliced, ...LASTING_KINDS.map((kind) => names.alias(kind))];
  try {
    const there = await client.indices.get(
      { index: wanted, ignore_unavailable: true, features: ['aliases'] },
      { signal },
    );
    const missing = wanted.filter((index) => !(index in there));
    await fewAtOnce(missing, (index) => make(client, index, signal));
  } catch (error) {
    signal.throwIfAborted();
    throw asStoreError(error, 'making the indices of a slice');
  }
}

/** Makes the present slice and those that begin soon. */
export async function makeSlices(client: Client, names: IndexNames, nowMs: number, signal: AbortSignal): Promise<void> {
  const aheadMs = Math.max(LEAST_AHEAD_MS, Math.min(MOST_AHEAD_MS, names.sliceMs / 4));
  for (let at = names.sliceOf(nowMs); at <= nowMs + aheadMs; at += names.sliceMs) {
    await makeSlice(client, names, at, signal);
  }
}

async function make(client: Client, index: string, signal: AbortSignal): Promise<void> {
  try {
    await client.indices.create({ index }, { signal });
  } catch (error) {
    const body = (error as { body?: { error?: { type?: string } } }).body;
    if (body?.error?.type !== 'resource_already_exists_exception') throw error;
  }
}
