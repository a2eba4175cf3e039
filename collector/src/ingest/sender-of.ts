import { attributeText, findAttribute, keyBytes } from '../decode/text.js';
import { UNKNOWN_SERVICE } from '../project/resource-facts.js';
import type { AttributeColumns, ResourceColumns } from '../telemetry/attribute-columns.js';
import { Name } from '../telemetry/vocabulary.js';

interface Source {
  bytes: Uint8Array;
  attributes: AttributeColumns;
  resources: ResourceColumns;
}

const SERVICE_NAME = keyBytes(Name.serviceName);
const LONGEST = 256;

/** The service that most of a request's items come from; `itemResource` has the resource of each item. */
export function senderOf(source: Source, itemResource: Uint32Array, items: number): string {
  const { from, to } = source.resources.attributes;
  const resource = mostFrequent(itemResource, items, source.resources.count);
  const row = findAttribute(source, from[resource] ?? 0, to[resource] ?? 0, SERVICE_NAME);
  const service = row === -1 ? '' : attributeText(source, row).slice(0, LONGEST);
  return service === '' ? UNKNOWN_SERVICE : service;
}

function mostFrequent(values: Uint32Array, count: number, bound: number): number {
  if (bound <= 1) return 0;
  const times = new Uint32Array(bound);
  let best = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    times[value]!++;
    if (times[value]! > times[best]!) best = value;
  }
  return best;
}
