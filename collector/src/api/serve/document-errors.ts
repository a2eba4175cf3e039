import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../contract/index.js';

const JaegerFailure = z.object({ error: z.object({ httpCode: z.number().int(), message: z.string() }) });

/**
 * Turns a route into OpenAPI, together with how it fails: every route may, all in the same shapes, so that they are
 * written here once.
 */
export const documentedWithErrors: typeof jsonSchemaTransform = (document) => {
  const schema = document.schema as { hide?: boolean; response?: Record<string, unknown> } | undefined;
  if (!schema || schema.hide) return jsonSchemaTransform(document);
  const jaeger = document.url.startsWith('/api/v3');
  const content = jaeger
    ? { 'application/json': { schema: JaegerFailure } }
    : { 'application/problem+json': { schema: Problem } };
  const anything = { content: { [jaeger ? 'application/json' : '*/*']: { schema: z.unknown() } } };
  const response = {
    ...(schema.response ?? { 200: { description: 'The answer', ...anything } }),
    '4xx': { description: 'The request is at fault: see docs/errors.md.', content },
    '5xx': { description: 'Orrery is at fault, or cannot now: see docs/errors.md.', content },
  };
  return jsonSchemaTransform({ ...document, schema: { ...schema, response } } as typeof document);
};
