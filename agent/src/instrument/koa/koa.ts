import type { IncomingMessage, ServerResponse } from 'node:http';
import { override } from '../../hook/override.js';
import { serverRequestOf } from '../http/server-request.js';
import type { Instrumentation } from '../instrumentation.js';

interface KoaContext {
  /** Set by @koa/router (and koa-router) when a route matched. */
  _matchedRoute?: unknown;
  readonly req: IncomingMessage;
  /** What is left of the path below the mounts of koa-mount; that of the last of them. */
  readonly path: string;
  readonly mountPath?: string;
  onerror: (this: KoaContext, error: unknown) => void;
}
interface Application {
  /** Prototype of the contexts of this application. */
  readonly context: KoaContext;
}
type CreateContext = (this: Application, request: IncomingMessage, response: ServerResponse) => KoaContext;

const OBSERVED = Symbol('orrery.koa');

/** Koa 2 and 3 with @koa/router and koa-mount: route and error are read from the context, no spans of its own. */
export const koa: Instrumentation = {
  library: 'koa',
  versions: ['2.0.0', '4.0.0'],
  patch: (exports) => {
    const application = (exports as { default?: unknown }).default ?? exports;
    const { prototype } = application as { prototype: { createContext: CreateContext } };
    const createContext = prototype.createContext;
    override(prototype, {
      createContext(request, response) {
        observeContexts((this as unknown as Application).context);
        return createContext.call(this as never, request, response);
      },
    });
  },
};

/**
 * Once per application: `_matchedRoute` becomes a property that tells us when the router sets it, and `onerror`, which koa
 * calls with whatever middleware threw, notes the error.
 */
function observeContexts(contexts: KoaContext & { [OBSERVED]?: true }): void {
  if (contexts[OBSERVED] === true) return;
  contexts[OBSERVED] = true;
  const onerror = contexts.onerror;
  override(contexts, {
    onerror(this: KoaContext, error) {
      const state = serverRequestOf(this.req);
      // Koa calls it with null when a response simply ended.
      if (state !== undefined && error !== null && error !== undefined) state.error ??= error;
      onerror.call(this, error);
    },
  });
  const matched = new WeakMap<KoaContext, unknown>();
  Object.defineProperty(contexts, '_matchedRoute', {
    configurable: true,
    enumerable: false,
    get(this: KoaContext) {
      return matched.get(this);
    },
    set(this: KoaContext, route: unknown) {
      matched.set(this, route);
      const state = serverRequestOf(this.req);
      if (state !== undefined && route !== undefined)
        state.route = mountedAt(this, state.target) + (route instanceof RegExp ? route.source : (route as string));
    },
  });
}

/**
 * The prefix that koa-mount took off the path. Its mounts are fixed texts, so what was requested is what was written; a
 * path that somebody else has rewritten tells nothing.
 */
function mountedAt({ mountPath, path }: KoaContext, target: string): string {
  if (mountPath === undefined) return '';
  const asked = target.split('?', 1)[0] ?? '';
  const prefix = asked.endsWith(path) ? asked.slice(0, asked.length - path.length) : '';
  return prefix.endsWith(mountPath) ? prefix : '';
}
