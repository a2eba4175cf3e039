import { markLoaded } from './esm-hook.js';

interface Resolved {
  readonly url: string;
  readonly format?: string | null;
}
type Next<Result> = (subject: string, context: unknown) => Promise<Result>;

/** The program of the hooks' thread on Node 20, loaded by `Module.register`; the exports have the names Node asks for. */
let names: ReadonlySet<string> = new Set();
const marked = new Map<string, string>();

export function initialize(data: { readonly names: readonly string[] }): void {
  names = new Set(data.names);
}

export async function resolve(specifier: string, context: unknown, next: Next<Resolved>): Promise<Resolved> {
  const resolved = await next(specifier, context);
  if (names.has(specifier) && resolved.format === 'module') marked.set(resolved.url, specifier);
  return resolved;
}

export async function load(url: string, context: unknown, next: Next<object>): Promise<object> {
  return markLoaded(await next(url, context), url, marked.get(url));
}
