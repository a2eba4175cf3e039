import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { jsonSchemaTransformObject, validatorCompiler } from 'fastify-type-provider-zod';
import { traceRequests } from '../../self/trace-requests.js';
import { API_BASE, Routes } from '../contract/index.js';
import { jaegerRoutes } from '../jaeger/jaeger-routes.js';
import type { ApiDeps } from './api-deps.js';
import { ApiError } from './api-error.js';
import { compressAnswers } from './compress-answers.js';
import { dashboardFiles } from './dashboard-files.js';
import { documentedWithErrors } from './document-errors.js';
import { answerNoRequest, sendProblem, toApiError } from './error-answer.js';
import { guardLocal } from './local-guard.js';
import { measureRequests } from './measure-requests.js';
import { nameSchemas } from './name-schemas.js';
import { artifactRoutes } from './routes/artifact-routes.js';
import { controlRoutes } from './routes/control-routes.js';
import { deadLetterRoutes } from './routes/dead-letter-routes.js';
import { logTailRoute } from './routes/log-tail-route.js';
import { probeRoutes } from './routes/probe-routes.js';
import { sagaRoutes } from './routes/saga-routes.js';
import { systemRoutes } from './routes/system-routes.js';
import { telemetryRoutes } from './routes/telemetry-routes.js';

const OWN_ROUTES = [
  telemetryRoutes,
  sagaRoutes,
  logTailRoute,
  controlRoutes,
  artifactRoutes,
  deadLetterRoutes,
  systemRoutes,
];

/** The longest filter there may be, 4096 characters, takes up to 36 KiB of an address. */
const MAX_HEADER_BYTES = 64 * 1024;

const STALLED_MS = 120_000;

/** The whole HTTP side of the api process, ready to listen. Closing it ends live tails, too. */
export async function buildServer(deps: ApiDeps, log: FastifyBaseLogger): Promise<FastifyInstance> {
  const { facts, limits } = deps;
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: 30_000,
    // Nothing came and nothing went: the client does not take its answer, or is gone without a word.
    connectionTimeout: Math.max(STALLED_MS, 2 * limits.queryTimeoutMs),
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: 30_000 },
    clientErrorHandler: answerNoRequest,
    keepAliveTimeout: 65_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => {
      void sendProblem(reply, toApiError(error, request.log));
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  // Answers were typed where they were made: checking each again would cost more than making it.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.setErrorHandler((error, request, reply) => sendProblem(reply, toApiError(error, request.log)));

  guardLocal(app, facts);
  measureRequests(app, deps.registry);
  traceRequests(app, API_BASE, [API_BASE + Routes.logTail, API_BASE + Routes.status]);
  compressAnswers(app);
  await app.register(helmet, SECURITY_HEADERS);
  nameSchemas();
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Orrery', version: facts.version, description: 'Questions about telemetry, checks and alerts.' },
    },
    transform: documentedWithErrors,
    transformObject: jsonSchemaTransformObject,
  });

  const page = dashboardFiles(app, facts.uiFolder);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !/\.\w+$/.test(path);
    if (isPage) return page(reply);
    return sendProblem(
      reply,
      new ApiError('route_unknown', `${request.method} ${path} is not served; see /openapi.json.`),
    );
  });
  probeRoutes(app, deps, page);
  await app.register(
    async (api) => {
      api.addHook('onSend', async (_request, reply) => {
        if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
      });
      for (const routes of OWN_ROUTES) routes(api, deps);
    },
    { prefix: API_BASE },
  );
  await app.register(async (api) => jaegerRoutes(api, deps), { prefix: '/api/v3' });
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(app.swagger()),
  );
  await app.ready();
  return app;
}

/** Nothing but our own files runs in the dashboard, and nobody may frame it. */
const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      // The component library writes its theme's variables into a <style>; scripts stay our own files alone.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // Served over plain HTTP on loopback: a browser must not insist on TLS.
  strictTransportSecurity: false,
  crossOriginResourcePolicy: { policy: 'same-origin' as const },
  referrerPolicy: { policy: 'same-origin' as const },
};
