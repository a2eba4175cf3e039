import type { Client } from '@elastic/elasticsearch';
import { asStoreError } from '../errors.js';
import type { IndexNames } from '../indices.js';

const AT_ONCE = 1000;

/**
 * Removes letters about merged documents whose records come again from `position` on: what was refused of them is
 * merged then, or refused anew. Kept, a letter that is replayed would count a second time what its record has brought.
 */
export async function removeRepeatedLetters(
  client: Client,
  names: IndexNames,
  log: string,
  position: number,
): Promise<void> {
  const index = names.alias('dead-letters');
  const query = { bool: { filter: [{ term: { log } }, { range: { position: { gte: position } } }] } };
  const there = { index, ignore_unavailable: true };
  try {
    for (;;) {
      await client.indices.refresh(there);
      const { hits } = await client.search({ ...there, query, size: AT_ONCE, _source: false });
      if (hits.hits.length === 0) return;
      await client.bulk({ operations: hits.hits.map(({ _index, _id }) => ({ delete: { _index, _id: _id ?? '' } })) });
    }
  } catch (error) {
    throw asStoreError(error, 'removing dead letters of what comes again');
  }
}
