import { type Client, errors } from '@elastic/elasticsearch';
import { JsonBytes } from './json-bytes.js';
import type { Merging } from './merging.js';

type Source = Record<string, unknown>;

export interface RefusedPart {
  index: string;
  id: string;
  /** The document that the part would be by itself, as {@link MergedDocuments} tells of it. */
  document: Source;
  /** Under which the merged document remembers it. */
  name: string;
}

/** How often somebody else may be quicker. */
const ATTEMPTS = 20;

/**
 * Merges into its document what was refused before, once: the document remembers the name of the part.
 * @throws what the cluster answers, 400 when it refuses the document again
 */
export async function replayPart<Delta>(
  client: Client,
  merging: Merging<Delta>,
  { index, id, document, name }: RefusedPart,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const found = await current(client, index, id, signal);
    const applied = (found?.source['applied'] ?? {}) as Record<string, number>;
    if (name in applied) return;
    try {
      if (!found) await client.create({ index, id, document }, { signal });
      else {
        const state = merging.read(found.source);
        merging.merge(state, merging.read(document));
        const merged = { ...written(merging, state), applied: { ...applied, ...(document['applied'] as object) } };
        const { seqNo: if_seq_no, primaryTerm: if_primary_term } = found;
        await client.index({ index, id, document: merged, if_seq_no, if_primary_term }, { signal });
      }
      return;
    } catch (error) {
      if (!hasStatus(error, 409) || attempt >= ATTEMPTS) throw error;
    }
  }
}

function written<Delta>(merging: Merging<Delta>, state: Delta): Source {
  const out = new JsonBytes(1024);
  merging.write(out, state);
  return JSON.parse(`${out.bytes.toString('utf8', 0, out.length)}}`) as Source;
}

async function current(client: Client, index: string, id: string, signal: AbortSignal) {
  try {
    const answer = await client.get<Source>({ index, id }, { signal });
    return { source: answer._source ?? {}, seqNo: answer._seq_no ?? -1, primaryTerm: answer._primary_term ?? -1 };
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof errors.ResponseError && error.statusCode === status;
}
