import { override } from '../../hook/override.js';
import { serverRequestOf } from '../http/server-request.js';
import type { Instrumentation } from '../instrumentation.js';
import { patternOver, type RouterLike, recordMounts } from './mounts.js';

/** The parts of express 4 and 5 (and of `router`, which 5 is built on) that are touched. */
interface Express {
  readonly Route: { readonly prototype: { dispatch: Dispatch } };
  readonly Router: () => RouterLike;
}
type Done = (error?: unknown) => void;
type Dispatch = (this: { readonly path: unknown }, request: RequestLike, response: object, done: Done) => unknown;
type HandleError = (this: unknown, error: unknown, request: object, ...rest: unknown[]) => unknown;

interface RequestLike {
  readonly baseUrl?: string;
}

/**
 * Express 4 and 5: routes and errors, no spans of its own. The route is taken when a route is entered, where `baseUrl` is
 * still that of its router; patterns of mounts with parameters are remembered apart (`baseUrl` holds what was requested).
 */
export const express: Instrumentation = {
  library: 'express',
  versions: ['4.0.0', '6.0.0'],
  patch: (exports) => {
    const { Route, Router } = exports as Express;
    observeRoutes(Route.prototype);
    const sample = Router();
    recordMounts(sample);
    observeErrors(sample);
  },
};

function observeRoutes(prototype: { dispatch: Dispatch }): void {
  const dispatch = prototype.dispatch;
  override(prototype, {
    dispatch(request, response, done) {
      const state = serverRequestOf(request);
      if (state === undefined) return dispatch.call(this, request, response, done);
      state.route = routeText(patternOver(state.mounts, request.baseUrl ?? ''), patternText(this.path));
      return dispatch.call(this, request, response, (error) => {
        // `route` and `router` are express's words for "skip the rest".
        if (error !== undefined && error !== null && error !== 'route' && error !== 'router') state.error ??= error;
        done(error);
      });
    },
  });
}

/** Errors of middleware never pass through a route; layers are asked about them one after the other. */
function observeErrors(sample: RouterLike): void {
  sample.use(() => undefined);
  const prototype = Object.getPrototypeOf(sample.stack[0]) as Record<string, HandleError | undefined>;
  for (const name of ['handle_error', 'handleError']) {
    const handle = prototype[name];
    if (handle === undefined) continue;
    override(prototype, {
      [name](error: unknown, request: object, ...rest: unknown[]) {
        const state = serverRequestOf(request);
        if (state !== undefined && error instanceof Error) state.error ??= error;
        return handle.call(this, error, request, ...rest);
      },
    });
  }
}

/** The root of a mounted router is the mount itself. */
function routeText(mount: string, path: string): string {
  return path === '/' && mount !== '' ? mount : mount + path;
}

/** A route's path as written: text, a regular expression, or a list of them. */
function patternText(path: unknown): string {
  return Array.isArray(path) ? `(${path.map(String).join('|')})` : String(path);
}
