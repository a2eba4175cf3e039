import { setTimeout as delay } from 'node:timers/promises';
import { errors } from '@elastic/elasticsearch';
import { StoreError } from '../store.js';

/** The shards of an index that was made a moment ago cannot be read yet: they come within these pauses. */
const PAUSES_MS = [50, 100, 200, 400, 800, 1600, 1600];

/**
 * Reads from indices that may be very young: the answer that their shards are not there yet is waited out, every other
 * error is thrown as it comes.
 */
export async function whenShardsAre<Answer>(read: () => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
  for (const pause of PAUSES_MS) {
    try {
      return await read();
    } catch (error) {
      if (!isWithoutShard(error)) throw error;
      await delay(pause, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
    }
  }
  return read();
}

/** Elasticsearch is there, but some of what it should read is not: all of it (503), or a part of the shards. */
function isWithoutShard(error: unknown): boolean {
  if (!(error instanceof StoreError) || error.code !== 'store_unavailable') return false;
  return error.cause === undefined || (error.cause instanceof errors.ResponseError && error.cause.statusCode === 503);
}
