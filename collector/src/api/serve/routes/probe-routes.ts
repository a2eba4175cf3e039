import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiDeps } from '../api-deps.js';
import { findReadiness } from '../readiness.js';

/** What machines ask: is the process alive, is the whole ready, and its figures for Prometheus. */
export function probeRoutes(app: FastifyInstance, deps: ApiDeps, page: (reply: FastifyReply) => FastifyReply): void {
  app.get('/healthz', { schema: { hide: true } }, async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    return { ok: true };
  });
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const { ready, components } = await findReadiness(deps, Date.now());
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready, components });
  });
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    void reply.header('vary', 'accept');
    // The dashboard has a page of this name, and its links are reloaded and shared. No scraper asks for HTML.
    if (request.headers.accept?.includes('text/html')) return page(reply);
    const [own, intake] = await Promise.all([
      deps.registry.metrics(),
      deps.health.ingestMetrics(AbortSignal.timeout(SCRAPE_PATIENCE_MS)),
    ]);
    return reply
      .type(deps.registry.contentType)
      .header('cache-control', 'no-store')
      .send(own + intake);
  });
}

const SCRAPE_PATIENCE_MS = 1000;
