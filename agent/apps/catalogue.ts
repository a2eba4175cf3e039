import { corsAnywhere } from './catalogue/cors-anywhere.js';
import { fastifyEsm, fastifyTypescript } from './catalogue/fastify-cli.js';
import { jsonServer, jsonServerBeta } from './catalogue/json-server.js';
import { loopback } from './catalogue/loopback.js';
import { maildev } from './catalogue/maildev.js';
import { nest } from './catalogue/nest.js';
import { next } from './catalogue/next.js';
import { nodeRed } from './catalogue/node-red.js';
import { parseServer } from './catalogue/parse-server.js';
import { peer } from './catalogue/peer.js';
import { pm2 } from './catalogue/pm2.js';
import { postgraphile } from './catalogue/postgraphile.js';
import { redisCommander } from './catalogue/redis-commander.js';
import { solid } from './catalogue/solid.js';
import { httpServer, localWebServer, serve } from './catalogue/static-files.js';
import { unleash } from './catalogue/unleash.js';
import type { PublishedApp } from './published-app.js';

/** Every application that is tried, in the order of the table. */
export const APPS: readonly PublishedApp[] = [
  nodeRed,
  unleash,
  parseServer,
  postgraphile,
  redisCommander,
  loopback,
  nest,
  next,
  solid,
  maildev,
  peer,
  pm2,
  fastifyEsm,
  fastifyTypescript,
  jsonServer,
  jsonServerBeta,
  localWebServer,
  corsAnywhere,
  httpServer,
  serve,
];
