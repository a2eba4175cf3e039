import { z } from 'zod';
import * as Contract from '../contract/index.js';

/**
 * Gives every schema of the contract its own name in the OpenAPI document, so that it is written there once. Queries
 * stay nameless: they become parameters one by one.
 */
export function nameSchemas(): void {
  const named = new Set<unknown>();
  for (const [name, value] of Object.entries(Contract)) {
    if (!(value instanceof z.ZodType) || name.endsWith('Query') || named.has(value) || z.globalRegistry.has(value))
      continue;
    named.add(value);
    z.globalRegistry.add(value, { id: name });
  }
}
