import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CONTROL_BOUNDS } from '../../../control/bounds.js';
import { ArtifactCreated, Routes } from '../../contract/index.js';
import type { ApiDeps } from '../api-deps.js';
import { ApiError } from '../api-error.js';
import { nothing } from './telemetry-routes.js';

const TYPES = ['image/png', 'image/jpeg', 'text/plain', 'application/json'];

/** Screenshots and responses of failed steps. What comes back is bytes, never a page that runs anything. */
export function artifactRoutes(plain: FastifyInstance, { control }: ApiDeps): void {
  void plain.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      TYPES,
      { parseAs: 'buffer', bodyLimit: CONTROL_BOUNDS.artifactBytes },
      (_request, body, done) => done(null, body),
    );
    const app = scope.withTypeProvider<ZodTypeProvider>();
    app.post(
      Routes.artifacts,
      {
        schema: { summary: 'Keep a screenshot or a response', tags: ['checks'], response: { 200: ArtifactCreated } },
        bodyLimit: CONTROL_BOUNDS.artifactBytes,
      },
      async (request) => {
        const type =
          String(request.headers['content-type'] ?? '')
            .split(';')[0]
            ?.trim()
            .toLowerCase() ?? '';
        if (!Buffer.isBuffer(request.body) || request.body.byteLength === 0 || !TYPES.includes(type))
          throw new ApiError('invalid_request', `Send the bytes as one of ${TYPES.join(', ')}.`);
        return { id: await control.putArtifact(type, request.body, Date.now()) };
      },
    );
    app.get(
      Routes.artifact,
      {
        schema: {
          summary: 'The bytes of an artifact',
          tags: ['checks'],
          params: z.object({ id: z.string().regex(/^[0-9a-f]{40}$/, 'an artifact id is 40 hex digits') }),
        },
      },
      async (request, reply) => {
        const found =
          (await control.artifact(request.params.id)) ?? nothing('There is no such artifact; old ones are dropped.');
        return reply
          .type(found.contentType)
          .header('content-security-policy', "default-src 'none'; sandbox")
          .header('cache-control', 'private, max-age=31536000, immutable')
          .send(Buffer.from(found.bytes));
      },
    );
  });
}
