import type { Client } from '@elastic/elasticsearch';
import { asStoreError } from '../errors.js';
import type { IndexNames } from '../indices.js';
import { AttributeKeys } from './attribute-keys.js';
import { type TargetIndex, targetIndex } from './item-context.js';

/** The indices that one slice's items go to, with what is known of their fields. */
export interface Slice {
  startMs: number;
  spans: TargetIndex;
  logs: TargetIndex;
  metrics: TargetIndex;
}

/** Reads which fields the slice's indices have already, so that the budget of fields holds over restarts. */
export async function openSlice(
  client: Client,
  names: IndexNames,
  startMs: number,
  fields: number,
  signal: AbortSignal,
): Promise<Slice> {
  const open = async (kind: 'spans' | 'logs' | 'metrics'): Promise<TargetIndex> => {
    const index = names.slice(kind, startMs);
    const known = await mappedFields(client, index, signal);
    return targetIndex(index, keysOf(known.attributes, fields), keysOf(known.resource, fields));
  };
  return { startMs, spans: await open('spans'), logs: await open('logs'), metrics: await open('metrics') };
}

function keysOf(known: string[], fields: number): AttributeKeys {
  const keys = new AttributeKeys(fields);
  for (const field of known) keys.addKnown(field);
  return keys;
}

async function mappedFields(client: Client, index: string, signal: AbortSignal) {
  try {
    const answer = await client.indices.getMapping({ index }, { signal });
    const properties = answer[index]?.mappings.properties ?? {};
    const below = (owner: string) => {
      const fields = (properties[owner] as { properties?: Record<string, unknown> } | undefined)?.properties ?? {};
      return Object.keys(fields).filter((field) => /^(?:str|num|bool|int)\./.test(field));
    };
    return { attributes: below('attributes'), resource: below('resource') };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return { attributes: [], resource: [] };
    throw asStoreError(error, `reading the fields of ${index}`);
  }
}
