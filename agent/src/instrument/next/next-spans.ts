import type { Attributes, Span } from '@opentelemetry/api';
import type { SpanRule } from '../../engine/tracer-provider.js';
import { RecordedSpan } from '../../record/recorded-span.js';

const INTERNAL = 0;
const SERVER = 1;
/** Pages of Next that are answers, not routes. */
const NO_ROUTE: ReadonlySet<unknown> = new Set(['/_not-found', '/_error', '/_document', '/_app', '/404', '/500']);

const API_ROUTE = /^executing api route \((?:app|pages)\) (\/.*)$/;

/**
 * Next tells of itself through the OpenTelemetry API (scope `next.js`), whatever file its bundler put it into. Its span of a
 * request is the agent's server span a second time: it becomes an internal one below it. The route is known to its spans
 * as they start; what Next tells the span above when all is done can come after the answer has left.
 */
export function nextSpans(): SpanRule {
  /** The server span above each span of Next. */
  const servers = new WeakMap<Span, RecordedSpan>();
  const serverOf = (parent: Span | undefined): RecordedSpan | undefined => {
    if (parent === undefined) return undefined;
    if (parent instanceof RecordedSpan && parent.birth.kind === SERVER) return parent;
    return servers.get(parent);
  };
  return {
    scope: 'next.js',
    kindOf: (kind, parent) => (kind === SERVER && serverOf(parent) !== undefined ? INTERNAL : kind),
    started: (span, parent, attributes) => {
      const server = serverOf(parent);
      if (server === undefined) return;
      servers.set(span, server);
      const route = routeOf(span, attributes);
      if (route !== undefined) server.setAttribute('http.route', route);
    },
  };
}

/** Next 15 names a route by its file, and those of API routes of the older router only in the span's name. */
function routeOf(span: Span, attributes: Attributes | undefined): string | undefined {
  const told = attributes?.['next.route'] ?? API_ROUTE.exec(span instanceof RecordedSpan ? span.name : '')?.[1];
  if (typeof told !== 'string' || NO_ROUTE.has(told)) return undefined;
  return told.endsWith('/route') ? told.slice(0, -'/route'.length) || '/' : told;
}
