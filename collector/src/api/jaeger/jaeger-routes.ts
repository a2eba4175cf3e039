import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../serve/api-deps.js';
import { askStore } from '../serve/ask-store.js';
import { toApiError } from '../serve/error-answer.js';
import { ERROR_CODES } from '../serve/error-codes.js';
import { otlpJson } from './otlp-json.js';

/** A trace of more spans than this is cut; a client that draws it could not either. */
const SPANS = 100_000;
const WEEK_MS = 7 * 86_400_000;

/**
 * Jaeger's query API v3 over HTTP: a trace as OTLP JSON, services, operations. Errors have Jaeger's own shape here,
 * because Jaeger's clients read them.
 */
export function jaegerRoutes(plain: FastifyInstance, { reader, limits }: ApiDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['jaeger'];
  app.setErrorHandler((error, request, reply) => {
    const { code, message } = toApiError(error, request.log);
    const { status } = ERROR_CODES[code];
    return reply.code(status).send({ error: { httpCode: status, message } });
  });
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
  });

  app.get(
    '/traces/:trace_id',
    {
      schema: {
        summary: 'A trace as OTLP JSON',
        tags,
        params: z.object({ trace_id: z.string().regex(/^[0-9a-fA-F]{1,32}$/, 'a trace id is up to 32 hex digits') }),
      },
    },
    async (request, reply) => {
      // Jaeger's clients may leave leading zeros away.
      const traceId = request.params.trace_id.toLowerCase().padStart(32, '0');
      const found = await askStore(request, limits.queryTimeoutMs, (signal) =>
        reader.traceSpans(traceId, SPANS, signal),
      );
      if (!found) return reply.code(404).send({ error: { httpCode: 404, message: 'trace not found' } });
      return { result: otlpJson(found.spans) };
    },
  );
  app.get('/services', { schema: { summary: 'Names of services', tags } }, async (request) => {
    const { services } = await askStore(request, limits.queryTimeoutMs, (signal) =>
      reader.services({ ...lastWeek(), environment: '', synthetic: 'include' }, signal),
    );
    return { services: services.map(({ service }) => service).sort() };
  });
  app.get(
    '/operations',
    {
      schema: {
        summary: 'Operations of a service',
        tags,
        querystring: z.object({ service: z.string().min(1).max(256), span_kind: z.string().max(32).default('') }),
      },
    },
    async (request) => {
      const { service, span_kind } = request.query;
      const { groups } = await askStore(request, limits.queryTimeoutMs, (signal) =>
        reader.aggregate(
          {
            ...lastWeek(),
            signal: 'spans',
            filter: {
              kind: 'compare',
              field: { source: 'column', column: 'service' },
              op: '=',
              value: { type: 'string', text: service },
            },
            environment: '',
            synthetic: 'include',
            measures: [{ op: 'count' }],
            group_by: ['name', 'kind'],
            step_ms: 0,
            limit: 1000,
          },
          signal,
        ),
      );
      const operations = groups.map(({ key: [name, kind] }) => ({ name: name ?? '', spanKind: kind ?? '' }));
      return { operations: operations.filter(({ spanKind }) => span_kind === '' || spanKind === span_kind) };
    },
  );
}

function lastWeek() {
  const nowMs = Date.now();
  return { range: { from_ms: nowMs - WEEK_MS, to_ms: nowMs + 60_000 }, nowMs };
}
