import type { IncomingMessage } from 'node:http';
import { override } from '../../hook/override.js';
import { serverRequestOf } from '../http/server-request.js';
import type { Instrumentation } from '../instrumentation.js';

/** A handler, and what hono knows of its route. */
type RouteEntry = readonly [handler: Handler, route: { readonly path: string; readonly method: string }];
type Handler = (context: HonoContext, next: () => Promise<void>) => unknown;
interface HonoContext {
  /** @hono/node-server hands over Node's own request. */
  readonly env?: { readonly incoming?: IncomingMessage };
}
interface Router {
  add(method: string, path: string, entry: unknown): void;
}

/**
 * hono 4 on @hono/node-server: the router that every application has by default is told about routes through one method
 * of its prototype, where handlers learn to note theirs. Middleware names nothing.
 */
export const hono: Instrumentation = {
  library: 'hono',
  versions: ['4.0.0', '5.0.0'],
  esModule: true,
  patch: (exports) => {
    const { Hono } = exports as { Hono: new () => { readonly router: Router } };
    const prototype = Object.getPrototypeOf(new Hono().router) as Router;
    const add = Reflect.get(prototype, 'add') as Router['add'];
    override(prototype, {
      add(method, path, entry) {
        return add.call(this as never, method, path, isRoute(entry) ? observed(entry) : entry);
      },
    });
  },
};

function isRoute(entry: unknown): entry is RouteEntry {
  if (!Array.isArray(entry) || typeof entry[0] !== 'function') return false;
  return typeof (entry[1] as { path?: unknown } | undefined)?.path === 'string';
}

function observed([handler, route]: RouteEntry): RouteEntry {
  const isMiddleware = route.method === 'ALL' && route.path.endsWith('*');
  const noted: Handler = function (this: unknown, context, next) {
    const state = serverRequestOf(context.env?.incoming);
    if (state === undefined) return handler.call(this, context, next);
    if (!isMiddleware) state.route = route.path;
    const note = (error: unknown): void => {
      state.error ??= error;
    };
    try {
      const result = handler.call(this, context, next);
      // A branch of our own: hono waits for the promise itself.
      if (result instanceof Promise) result.then(undefined, note);
      return result;
    } catch (error) {
      note(error);
      throw error;
    }
  };
  return [noted, route];
}
