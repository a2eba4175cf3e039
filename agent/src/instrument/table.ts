import { express } from './express/express.js';
import { fastify } from './fastify/fastify.js';
import { httpInstrumentation } from './http/http.js';
import type { Instrumentation } from './instrumentation.js';
import { koa } from './koa/koa.js';
import { pg, pgPool } from './otel/pg.js';
import { undici } from './undici/undici.js';

/** Every instrumentation. The only place that knows them all; the order is the order in which `start` runs. */
export const INSTRUMENTATIONS: readonly Instrumentation[] = [
  httpInstrumentation,
  undici,
  express,
  fastify,
  koa,
  pg,
  pgPool,
];
