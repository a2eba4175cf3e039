import { fastifyEsm, fastifyTypescript } from './catalogue/fastify-cli.js';
import { jsonServer, jsonServerBeta } from './catalogue/json-server.js';
import { nodeRed } from './catalogue/node-red.js';
import type { PublishedApp } from './published-app.js';

/** Every application that is tried, in the order of the table. */
export const APPS: readonly PublishedApp[] = [nodeRed, fastifyEsm, fastifyTypescript, jsonServer, jsonServerBeta];
