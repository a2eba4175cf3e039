import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Routes, SearchQuery, SearchResult, SystemStatus } from '../../contract/index.js';
import type { ApiDeps } from '../api-deps.js';
import { systemStatus } from '../readiness.js';
import { search } from '../search.js';

const SEARCH_PATIENCE_MS = 3000;

export function systemRoutes(plain: FastifyInstance, deps: ApiDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  app.get(
    Routes.status,
    { schema: { summary: 'How Orrery itself is', tags: ['system'], response: { 200: SystemStatus } } },
    () => systemStatus(deps, Date.now()),
  );
  app.get(
    Routes.search,
    {
      schema: {
        summary: 'One box for ids, services, operations, checks, breakers and metrics',
        tags: ['system'],
        querystring: SearchQuery,
        response: { 200: SearchResult },
      },
    },
    async (request) => ({
      hits: await search(deps, request.query.q, Date.now(), AbortSignal.timeout(SEARCH_PATIENCE_MS)),
    }),
  );
}
