import { createHash } from 'node:crypto';

/** A short name for a key of any length: the first 120 bits of its SHA-1. */
export function documentHash(...parts: (string | number | boolean)[]): string {
  return createHash('sha1').update(parts.join('\0')).digest('base64url').slice(0, 20);
}
