const hues = 10;

/** A service keeps its hue on every page and in every session: it follows from the name alone. */
export function hueIndex(name: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0x5bd1e995);
  return ((hash ^ (hash >>> 15)) >>> 0) % hues;
}

export function hueOf(name: string): string {
  return `var(--hue-${hueIndex(name)})`;
}
