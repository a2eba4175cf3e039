import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as Api from '../../contract/index.js';
import type { ApiDeps } from '../api-deps.js';
import { ApiError } from '../api-error.js';
import { nanoText } from '../nano-text.js';
import { nothing } from './telemetry-routes.js';

const { Routes } = Api;
const named = z.object({ name: z.string().min(1).max(128) });
const identified = z.object({ id: z.string().min(1).max(128) });
const done = { 204: z.null().describe('Done') };

/** Checks with their runs, alerts and silences: what the runner and people write. */
export function controlRoutes(plain: FastifyInstance, { control }: ApiDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const schema = <Rest extends object>(tag: string, summary: string, rest: Rest) => ({
    schema: { summary, tags: [tag], ...rest },
  });

  app.get(Routes.checks, schema('checks', 'All checks', { response: { 200: Api.CheckList } }), async () => {
    const { checks, runnerLastSeenMs } = await control.checks();
    return { checks, runner_last_seen: runnerLastSeenMs === null ? null : nanoText(runnerLastSeenMs) };
  });
  app.get(
    Routes.check,
    schema('checks', 'One check with its runs', { params: named, response: { 200: Api.CheckDetail } }),
    async (request) => (await control.check(request.params.name)) ?? noCheck(request.params.name),
  );
  app.put(
    Routes.check,
    schema('checks', 'Announce a check', { params: named, body: Api.CheckDefinition, response: { 200: Api.Check } }),
    async (request) => {
      sameName(request.params.name, request.body.name, 'name');
      return control.putCheck(request.body, Date.now());
    },
  );
  app.delete(
    Routes.check,
    schema('checks', 'Forget a check', { params: named, response: done }),
    async (request, reply) => {
      if (!(await control.deleteCheck(request.params.name))) noCheck(request.params.name);
      return reply.code(204).send(null);
    },
  );
  app.post(
    Routes.checkRuns,
    schema('checks', 'Report a run', { params: named, body: Api.CheckRun, response: done }),
    async (request, reply) => {
      sameName(request.params.name, request.body.check, 'check');
      if (!(await control.addRun(request.body, Date.now()))) noCheck(request.params.name);
      return reply.code(204).send(null);
    },
  );

  app.get(
    Routes.alerts,
    schema('alerts', 'All alerts, newest first', { response: { 200: Api.AlertList } }),
    async () => ({
      alerts: await control.alerts(),
    }),
  );
  app.get(
    Routes.alert,
    schema('alerts', 'One alert with its history', { params: identified, response: { 200: Api.AlertDetail } }),
    async (request) => (await control.alert(request.params.id)) ?? noAlert(request.params.id),
  );
  app.put(
    Routes.alert,
    schema('alerts', 'Write an alert that was read at `version`', {
      params: identified,
      body: Api.AlertWrite,
      response: { 200: Api.Alert },
    }),
    async (request) => {
      sameName(request.params.id, request.body.id, 'id');
      return control.putAlert(request.body);
    },
  );
  app.post(
    Routes.acknowledge,
    schema('alerts', 'Somebody looks after it', {
      params: identified,
      body: Api.Acknowledge,
      response: { 200: Api.Alert },
    }),
    async (request) =>
      (await control.acknowledge(request.params.id, request.body.by, Date.now())) ?? noAlert(request.params.id),
  );

  app.get(
    Routes.silences,
    schema('alerts', 'Silences that last', { response: { 200: Api.SilenceList } }),
    async () => ({
      silences: await control.silences(Date.now()),
    }),
  );
  app.post(
    Routes.silences,
    schema('alerts', 'Silence notifications of checks', { body: Api.SilenceCreate, response: { 200: Api.Silence } }),
    async (request) => control.addSilence(request.body, Date.now()),
  );
  app.delete(
    Routes.silence,
    schema('alerts', 'End a silence', { params: identified, response: done }),
    async (request, reply) => {
      if (!(await control.deleteSilence(request.params.id))) nothing(`There is no silence ${request.params.id}.`);
      return reply.code(204).send(null);
    },
  );
}

function sameName(inPath: string, inBody: string, path: string): void {
  if (inPath === inBody) return;
  const message = `must be the same as in the address: ${inPath}`;
  throw new ApiError('invalid_request', `${path} ${message}`, { faults: [{ path: `body.${path}`, message }] });
}

function noCheck(name: string): never {
  return nothing(`There is no check ${name}: announce it first.`);
}

function noAlert(id: string): never {
  return nothing(`There is no alert ${id}.`);
}
