// Every function that can be reached from what Node and libraries export, as programs that look at functions see it: name,
// length, own properties with their flags, what it inherits from. One line for each function and object that was found.
const { join } = require('node:path');
const { ask, probe, serving } = require('./probe.cjs');

const BUILTIN = [
  ...['http', 'https', 'http2', 'net', 'tls', 'dns', 'dgram', 'fs', 'zlib', 'stream', 'events', 'timers', 'url'],
  ...['child_process', 'worker_threads', 'cluster', 'async_hooks', 'diagnostics_channel', 'perf_hooks', 'process'],
  ...['console', 'module', 'util'],
];

const GLOBAL = [
  'fetch',
  'queueMicrotask',
  'setTimeout',
  'setImmediate',
  'AbortSignal',
  'EventTarget',
  'Promise',
  'Error',
];

/** Every version there is of what the agent changes; some with what is made of it, where methods hang on objects. */
const LIBRARIES = {
  'express-4': (express) => [express(), express.Router(), express.Route],
  'express-5': (express) => [express(), express.Router(), express.Route],
  'fastify-4': (fastify) => [fastify()],
  'fastify-5': (fastify) => [fastify()],
  'koa-2': (Koa) => [new Koa()],
  'koa-3': (Koa) => [new (Koa.default ?? Koa)()],
  hono: ({ Hono }) => [new Hono().router, new Hono()],
  '@nestjs/common': () => [],
  '@nestjs/core': () => [],
  'pino-7': (pino) => [pino({ enabled: false })],
  'pino-8': (pino) => [pino({ enabled: false })],
  'pino-9': (pino) => [pino({ enabled: false })],
  'pino-10': (pino) => [pino({ enabled: false })],
  winston: (winston) => [winston.createLogger({ silent: true }), winston.format.json()],
  'bunyan-1': (bunyan) => [bunyan.createLogger({ name: 'shapes', streams: [] })],
  'bunyan-2': (bunyan) => [bunyan.createLogger({ name: 'shapes', streams: [] })],
  log4js: (log4js) => [log4js.getLogger()],
  'opossum-6': () => [],
  'opossum-9': () => [],
  'cockatiel-3': () => [],
  mqtt: () => [],
  'prom-client-14': () => [],
  'prom-client-15': () => [],
  'undici-5': () => [],
  'undici-6': () => [],
  nats: () => [],
  'nats/lib/nats-base-client/nats.js': () => [],
  'nats/lib/nats-base-client/queued_iterator.js': () => [],
  'nats/lib/jetstream/consumer.js': () => [],
  bullmq: () => [],
  'bullmq-5': () => [],
  '@nats-io/transport-node': () => [],
  '@opentelemetry/api': ({ trace, metrics }) => [trace, metrics],
};

const DEEPEST = 8;
/** What is of this process alone. */
const PASSING = /^(_cache|_pathCache|children|env|argv|execArgv|mainModule|_events|stats|features)$/;

/** The one key that the agent adds: BullMQ reads it there, and nobody else. */
const OURS = 'telemetry';

const found = [];
const seen = new Set();

/** Tells how `value` looks from outside, and all that can be reached from it. */
function visit(value, path, depth, isExports) {
  if (seen.has(value)) return;
  seen.add(value);
  const above = Object.getPrototypeOf(value);
  const own = Object.entries(Object.getOwnPropertyDescriptors(value));
  for (const key of Object.getOwnPropertySymbols(value)) own.push([key, Object.getOwnPropertyDescriptor(value, key)]);
  const shown = own.filter(([key, { value: held }]) => key !== OURS && !looksLike(held, heldBy(above, key)));
  const keys = shown.map(([key, descriptor]) => [String(key), flagsOf(descriptor)]);
  keys.sort(([left], [right]) => (left < right ? -1 : 1));
  found.push([path, typeof value === 'function' ? [value.name, value.length] : [], above?.constructor?.name, keys]);
  if (depth === DEEPEST) return;
  for (const [key, { value: held, get }] of shown) {
    if (PASSING.test(String(key))) continue;
    // TypeScript and bundlers export through getters; any other getter is somebody's code.
    const inner = get !== undefined && isExports ? exportedBy(value, key) : held;
    if (isOpen(inner, key)) visit(inner, `${path}.${String(key)}`, depth + 1, false);
  }
  if (typeof above === 'object' && above !== null) visit(above, `${path}^`, depth + 1, false);
}

function flagsOf({ get, set, value, writable, enumerable, configurable }) {
  const kind = get || set ? `${get ? 'get' : ''}${set ? 'set' : ''}` : value === null ? 'null' : typeof value;
  return `${kind}${writable ? ' w' : ''}${enumerable ? ' e' : ''}${configurable ? ' c' : ''}`;
}

/** Objects with a class of their own are somebody's state. */
function isOpen(value, key) {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  const above = Object.getPrototypeOf(value);
  return key === 'prototype' || above === null || above === Object.prototype;
}

/** A method that looks like the one it overrides is not told: the agent has some of those, which nobody can tell apart. */
function looksLike(own, inherited) {
  if (typeof own !== 'function' || typeof inherited !== 'function' || own === inherited) return false;
  const look = (method) => [method.name, method.length, Reflect.ownKeys(method).map(String).toSorted().join()].join();
  return look(own) === look(inherited);
}

function heldBy(holder, key) {
  for (let at = holder; at !== null; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) return descriptor.value;
  }
  return undefined;
}

/** Some of express throw. */
function exportedBy(exports, key) {
  try {
    return exports[key];
  } catch {
    return undefined;
  }
}

void (async () => {
  const paths = [join(__dirname, '../../matrix'), __dirname];
  for (const name of BUILTIN) visit(require(`node:${name}`), name, 0, true);
  for (const name of GLOBAL) visit(globalThis[name], name, 0, false);
  for (const [name, made] of Object.entries(LIBRARIES)) {
    // By its path: the name of a version is no library's.
    const exported = require(require.resolve(name, { paths }));
    visit(exported, name, 0, true);
    for (const [at, sample] of made(exported).entries()) visit(sample, `${name} #${at}`, 0, false);
  }
  for (const line of found) process.stdout.write(`${JSON.stringify(line)}\n`);
  await probe('served', () => serving((_, response) => response.end('x'), ask));
  // Some libraries have timers that would keep it alive.
  process.stdout.write('', () => process.exit());
})();
