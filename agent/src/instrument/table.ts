import { bullmq } from './bullmq/bullmq.js';
import { bunyan } from './bunyan/bunyan.js';
import { cockatiel } from './cockatiel/cockatiel.js';
import { consoleInstrumentation } from './console/console.js';
import { express } from './express/express.js';
import { fastify } from './fastify/fastify.js';
import { completeServerCalls } from './grpc/server-calls.js';
import { hono } from './hono/hono.js';
import { httpInstrumentation } from './http/http.js';
import { http2Instrumentation } from './http2/http2.js';
import type { Instrumentation } from './instrumentation.js';
import { koa } from './koa/koa.js';
import { log4js } from './log4js/log4js.js';
import { mqtt } from './mqtt/mqtt.js';
import { nats } from './nats/nats.js';
import { nest } from './nest/nest.js';
import { nestLogger } from './nest/nest-logger.js';
import { opentelemetryApi } from './opentelemetry-api/opentelemetry-api.js';
import { opentelemetryApiLogs } from './opentelemetry-api/opentelemetry-api-logs.js';
import { opossum } from './opossum/opossum.js';
import { OTEL_LIBRARIES } from './otel/libraries.js';
import { fromOtel } from './otel/otel-instrumentation.js';
import { pino } from './pino/pino.js';
import { processInstrumentation } from './process/process.js';
import { promClient, prometheusClient } from './prom-client/prom-client.js';
import { runtime } from './runtime/runtime.js';
import { undici } from './undici/undici.js';
import { winston } from './winston/winston.js';

/** Every instrumentation. The only place that knows them all; the order is the order in which `start` runs. */
export const INSTRUMENTATIONS: readonly Instrumentation[] = [
  processInstrumentation,
  httpInstrumentation,
  http2Instrumentation,
  undici,
  express,
  fastify,
  koa,
  opentelemetryApi,
  opentelemetryApiLogs,
  ...nats,
  bullmq,
  hono,
  nest,
  nestLogger,
  ...OTEL_LIBRARIES.flatMap(({ program, libraries }) =>
    fromOtel(program, libraries, program === 'grpc' ? completeServerCalls : undefined),
  ),
  mqtt,
  pino,
  winston,
  bunyan,
  log4js,
  consoleInstrumentation,
  opossum,
  cockatiel,
  promClient,
  prometheusClient,
  runtime,
];
