/** Parameters that every page shares and every door keeps. */
const shared = new Set(['from', 'to', 'env', 'synthetic', 'paused']);

export function isUrlState(name: string): boolean {
  return shared.has(name);
}
