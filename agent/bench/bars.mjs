import { shown } from './figures-text.mjs';
import { CPU } from './results.mjs';
import { AUTO, OURS } from './variants.mjs';

const MAIN = 'main thread, ms';
/** Those without a library that an OpenTelemetry instrumentation observes. */
const OWN_WORKLOADS = ['node:http', 'express', 'fastify, pino', 'http2'];

/** What the agent promises of its cost, and how it is read from what was measured. */
const BARS = [
  ['node:http: CPU added, µs a request', 20, (results) => results.added('node:http', CPU, OURS)],
  ['node:http: part of what auto-instrumentations-node adds', 1 / 4, (results) => part(results, 'node:http', CPU)],
  ['express: CPU added, µs a request', 45, (results) => results.added('express', CPU, OURS)],
  ['express: part of what auto-instrumentations-node adds', 1 / 4, (results) => part(results, 'express', CPU)],
  ['fastify, pino and pg: part of what auto-instrumentations-node adds', 1 / 2, (results) => part(results, 'pg', CPU)],
  ['start: ms on the main thread', 30, (results) => results.added('start, nothing', MAIN, OURS)],
  ['start: part of what auto-instrumentations-node adds', 1 / 10, (results) => part(results, 'start, nothing', MAIN)],
  ['what OpenTelemetry instrumentations share, loaded with pg: ms, once', 40, sharedCode],
  ['memory: MB added by what is the agent’s own, in the workload where it is most', 30, ownMemory],
  ['memory: MB added with pg and its instrumentation', 30, (results) => results.added('pg', 'RSS, MB', OURS)],
];

/**
 * The bars that can be read from these results.
 * @returns {{ text: string, most: number, found: import('./results.mjs').Spread }[]}
 */
export function barsOf(results) {
  return BARS.map(([text, most, read]) => ({ text, most, found: read(results) })).filter(({ found }) => found);
}

/** Whether its median keeps it, in words. */
export function verdict({ most, found }) {
  return found.median <= most ? 'kept' : `missed by ${shown(found.median - most)}`;
}

function part(results, subject, figure) {
  return results.ratio(subject, figure, OURS, AUTO);
}

/** What an application that loads pg starts later for, beyond what the agent itself takes. */
function sharedCode(results) {
  return results.difference(MAIN, OURS, 'start, pg', 'start, nothing');
}

function ownMemory(results) {
  const all = OWN_WORKLOADS.map((subject) => results.added(subject, 'RSS, MB', OURS)).filter(Boolean);
  return all.sort((left, right) => right.median - left.median)[0];
}
