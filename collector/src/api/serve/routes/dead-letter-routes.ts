import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as Api from '../../contract/index.js';
import type { ApiDeps } from '../api-deps.js';
import { askStore } from '../ask-store.js';
import { nothing } from './telemetry-routes.js';

const { Routes } = Api;
const identified = z.object({ id: z.string().min(1).max(1024) });
/** Letters of one sweep: each may be a request of megabytes. */
const AT_ONCE = 20;

/** What was acknowledged and can not be stored: to look at, to store after all, to give up. */
export function deadLetterRoutes(plain: FastifyInstance, { letters, limits }: ApiDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const schema = <Rest extends object>(summary: string, rest: Rest) => ({
    schema: { summary, tags: ['dead letters'], ...rest },
  });
  const none = (id: string) => nothing(`There is no dead letter ${id}: it was replayed or dropped.`);

  app.get(
    Routes.deadLetters,
    schema('What can not be stored, newest first', {
      querystring: Api.DeadLetterListQuery,
      response: { 200: Api.DeadLetterList },
    }),
    (request) => askStore(request, limits.queryTimeoutMs, (signal) => letters.list(request.query, signal)),
  );
  app.get(
    Routes.deadLetter,
    schema('One dead letter with what it holds', { params: identified, response: { 200: Api.DeadLetterDetail } }),
    async (request) => {
      const { id } = request.params;
      return (await askStore(request, limits.queryTimeoutMs, (signal) => letters.show(id, signal))) ?? none(id);
    },
  );
  app.delete(
    Routes.deadLetter,
    schema('Give a dead letter up', { params: identified, response: { 204: z.null().describe('Done') } }),
    async (request, reply) => {
      const { id } = request.params;
      if (!(await askStore(request, limits.queryTimeoutMs, (signal) => letters.drop(id, signal)))) none(id);
      return reply.code(204).send(null);
    },
  );
  app.post(
    Routes.deadLetterReplay,
    schema('Store a dead letter after all', { params: identified, response: { 200: Api.ReplayOutcome } }),
    async (request) => {
      const { id } = request.params;
      return (await askStore(request, limits.queryTimeoutMs, (signal) => letters.replay(id, signal))) ?? none(id);
    },
  );

  /** A page of letters at a time: `what` is done with each, and says what came of it; null when it was gone already. */
  const sweep = (
    path: string,
    summary: string,
    what: (id: string, signal: AbortSignal) => Promise<'stored' | 'refused' | 'dropped' | null>,
  ) =>
    app.post(path, schema(summary, { body: Api.DeadLetterSweep, response: { 200: Api.DeadLetterSwept } }), (request) =>
      askStore(request, limits.queryTimeoutMs, async (signal) => {
        const { group, cursor } = request.body;
        const page = await letters.list({ group, limit: AT_ONCE, ...(cursor === null ? {} : { cursor }) }, signal);
        const swept = { stored: 0, refused: 0, dropped: 0, next_cursor: page.next_cursor };
        for (const { id } of page.letters) {
          const became = await what(id, signal);
          if (became) swept[became] += 1;
        }
        return swept;
      }),
    );
  sweep(
    Routes.deadLetterReplays,
    'Store all dead letters after all, a page at a time',
    async (id, signal) => (await letters.replay(id, signal))?.outcome ?? null,
  );
  sweep(Routes.deadLetterDrops, 'Give all dead letters up, a page at a time', async (id, signal) =>
    (await letters.drop(id, signal)) ? 'dropped' : null,
  );
}
