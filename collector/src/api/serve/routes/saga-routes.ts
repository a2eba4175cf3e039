import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as Api from '../../contract/index.js';
import type { ApiDeps } from '../api-deps.js';
import { ApiError } from '../api-error.js';
import { askStore } from '../ask-store.js';
import { asked } from '../question.js';
import { nothing } from './telemetry-routes.js';

const STATES: readonly string[] = [...Api.SagaState.options, 'stuck'];

export function sagaRoutes(plain: FastifyInstance, { reader, limits }: ApiDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['sagas'];

  app.get(
    Api.Routes.sagas,
    { schema: { summary: 'Sagas by state', tags, querystring: Api.SagaListQuery, response: { 200: Api.SagaList } } },
    (request) => {
      checkStates(request.query.state);
      return askStore(request, limits.queryTimeoutMs, (signal) => reader.sagas(asked(request.query), signal));
    },
  );
  app.get(
    Api.Routes.sagaFunnel,
    {
      schema: {
        summary: 'Where sagas fall out',
        tags,
        querystring: Api.SagaFunnelQuery,
        response: { 200: Api.SagaFunnel },
      },
    },
    (request) => askStore(request, limits.queryTimeoutMs, (signal) => reader.sagaFunnel(asked(request.query), signal)),
  );
  app.get(
    Api.Routes.saga,
    {
      schema: {
        summary: 'One saga: steps, attempts, transitions',
        tags,
        params: z.object({ saga_id: z.string().min(1).max(256) }),
        response: { 200: Api.SagaDetail },
      },
    },
    async (request) => {
      const { saga_id } = request.params;
      const found = await askStore(request, limits.queryTimeoutMs, (signal) => reader.saga(saga_id, signal));
      return found ?? nothing(`No saga ${saga_id} is kept.`);
    },
  );
}

function checkStates(state: string): void {
  const unknown = state.split(',').filter((name) => name !== '' && !STATES.includes(name));
  if (unknown.length === 0) return;
  const message = `${unknown.join(', ')}: use some of ${STATES.join(', ')}`;
  throw new ApiError('invalid_request', message, { faults: [{ path: 'state', message }] });
}
