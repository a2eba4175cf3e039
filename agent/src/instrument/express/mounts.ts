import { override } from '../../hook/override.js';
import { type Mounts, serverRequestOf } from '../http/server-request.js';

/** A router of express 4 or 5. Its `use` comes from one object all routers share. */
export interface RouterLike {
  readonly stack: LayerLike[];
  use(...args: unknown[]): unknown;
}

interface LayerLike {
  handle: Handle;
  /** The part of the path this layer matched, set at each request. */
  readonly path?: string;
}

type Handle = (request: MountedRequest, response: object, next: (error?: unknown) => void) => unknown;

export interface MountedRequest {
  readonly baseUrl?: string;
}

/**
 * Lets every router note, while a request passes a mount whose path is a pattern (`app.use('/tenants/:id', router)`), which
 * pattern it was. Mounts with a fixed path cost nothing: there `baseUrl` is the pattern.
 */
export function recordMounts(sample: RouterLike): void {
  const holder = holderOf(sample, 'use') as { use: (...args: unknown[]) => unknown };
  const use = holder.use;
  override(holder, {
    use(this: RouterLike, ...args: unknown[]) {
      const before = this.stack?.length ?? 0;
      const answer = use.apply(this, args);
      if (isPattern(args[0])) for (const layer of this.stack?.slice(before) ?? []) noteMount(layer, args[0]);
      return answer;
    },
  });
}

/** `base`, where the router that now handles a request is mounted, with what is known of it as a pattern; the rest of it has fixed mounts. */
export function patternOver(mounts: Mounts, base: string): string {
  if (mounts.length === 0) return base;
  const known = mounts.findLast(({ requested }) => base === requested || base.startsWith(`${requested}/`));
  return known === undefined ? base : known.pattern + base.slice(known.requested.length);
}

function noteMount(layer: LayerLike, path: unknown): void {
  const handle = layer.handle;
  // Express tells error handlers by their four parameters.
  if (handle.length > 3) return;
  layer.handle = function (this: unknown, request, response, next) {
    const state = serverRequestOf(request);
    if (state !== undefined) {
      const requested = request.baseUrl ?? '';
      const above = requested.slice(0, requested.length - ownLength(requested, path, layer.path));
      const pattern = patternOver(state.mounts, above) + patternOf(path);
      state.mounts = [...state.mounts, { requested, pattern }];
    }
    return handle.call(this, request, response, next);
  };
}

/**
 * How much of `requested` this mount matched. Express 4 notes it at the layer, express 5 does not; there a plain pattern
 * matched as many segments as it has, and for any other pattern all of it counts.
 */
function ownLength(requested: string, path: unknown, noted: string | undefined): number {
  if (noted !== undefined) return noted.replace(/\/$/, '').length;
  if (typeof path !== 'string' || /[*(){}?+]/.test(path)) return requested.length;
  const segments = path.split('/').filter((segment) => segment !== '').length;
  const kept = requested.split('/').slice(0, -segments).join('/');
  return requested.length - kept.length;
}

function isPattern(path: unknown): boolean {
  if (typeof path === 'string') return /[:*(){}?+]/.test(path);
  return (
    path instanceof RegExp ||
    (Array.isArray(path) && path.some((item) => typeof item === 'string' || item instanceof RegExp))
  );
}

function patternOf(path: unknown): string {
  const text = Array.isArray(path) ? `(${path.map(String).join('|')})` : String(path);
  return text.startsWith('/') || text.startsWith('(') ? text : `/${text}`;
}

/** The object in the prototype chain (or the router's own prototype function) that holds `name`. */
function holderOf(start: object, name: string): object {
  let holder: object | null = start;
  while (holder !== null && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder) as object | null;
  return holder ?? start;
}
