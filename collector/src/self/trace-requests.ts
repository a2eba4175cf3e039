import { type Context, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ownTracer } from './own-tracer.js';

const spans = new WeakMap<FastifyRequest['raw'], Span>();

/** A server span for every question under `prefix`. Probes, files and live tails are not questions. */
export function traceRequests(app: FastifyInstance, prefix: string, except: readonly string[]): void {
  app.addHook('onRequest', async (request) => {
    const route = request.routeOptions.url;
    if (!route?.startsWith(prefix) || except.includes(route)) return;
    const caller = propagation.extract(context.active(), request.headers);
    const attributes = {
      'http.request.method': request.method,
      'http.route': route,
      'url.path': request.url.split('?')[0] ?? '',
    };
    spans.set(
      request.raw,
      ownTracer().startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, caller),
    );
  });
  const end = (request: FastifyRequest, status: number | null): void => {
    const span = spans.get(request.raw);
    if (!span) return;
    spans.delete(request.raw);
    if (status !== null) span.setAttribute('http.response.status_code', status);
    if (status !== null && status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  app.addHook('onResponse', async (request, reply) => end(request, reply.statusCode));
  app.addHook('onRequestAbort', async (request) => end(request, null));
}

/** The context in which the work for a request is done, so that its spans hang below the request's. */
export function requestContext(request: FastifyRequest): Context {
  const span = spans.get(request.raw);
  return span ? trace.setSpan(context.active(), span) : context.active();
}
