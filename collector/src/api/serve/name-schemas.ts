import { z } from 'zod';
import * as Contract from '../contract/index.js';

/** Gives every schema of the contract its own name in the OpenAPI document, so that it is written there once. */
export function nameSchemas(): void {
  const named = new Set<unknown>();
  for (const [name, value] of Object.entries(Contract)) {
    if (!(value instanceof z.ZodType) || named.has(value) || z.globalRegistry.has(value)) continue;
    named.add(value);
    z.globalRegistry.add(value, { id: name });
  }
}
