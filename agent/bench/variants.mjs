import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { providePeers } from './peers.mjs';

const require = createRequire(import.meta.url);

/** Beside what a package exports, whether it exports its package.json or not. */
function version(from, name) {
  const folder = from.resolve.paths(name)?.find((path) => existsSync(join(path, name, 'package.json')));
  return JSON.parse(readFileSync(join(folder ?? '', name, 'package.json'), 'utf8')).version;
}
const register = fileURLToPath(new URL('../dist/register.cjs', import.meta.url));
export const AUTO = '@opentelemetry/auto-instrumentations-node';
export const OURS = 'orrery';

/** Names of everything that can be measured, the first being what all others are compared with. */
export const VARIANTS = ['none', OURS, 'orrery otel-sdk', AUTO, 'dd-trace', 'elastic-apm-node'];

/**
 * One way to run an application: what is preloaded and the environment it finds, defaults everywhere but for the address.
 * `settleMs`: so long it gathers before it sends, and some more; what was recorded has to be sent, too.
 * @typedef {{ name: string, version: string, flags: string[], env: Record<string, string>, settleMs: number }} Variant
 * @param {readonly string[]} names
 * @param {string} collector URL
 * @returns {Promise<Variant[]>}
 */
export async function variantsOf(names, collector) {
  const peers = names.some((name) => name === 'dd-trace' || name === 'elastic-apm-node')
    ? await providePeers()
    : require;
  const otlp = { OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_SERVICE_NAME: 'bench' };
  const all = {
    none: () => ({ version: '', flags: [], env: {}, settleMs: 100 }),
    [OURS]: () => ({
      version: require('../package.json').version,
      flags: ['--require', register],
      env: otlp,
      settleMs: 1500,
    }),
    'orrery otel-sdk': () => ({
      version: `sdk-node ${version(require, '@opentelemetry/sdk-node')}`,
      flags: ['--require', register],
      env: { ...otlp, ORRERY_ENGINE: 'otel-sdk' },
      settleMs: 5500,
    }),
    [AUTO]: () => ({
      version: version(require, AUTO),
      flags: ['--require', require.resolve('@opentelemetry/auto-instrumentations-node/register')],
      env: otlp,
      settleMs: 5500,
    }),
    'dd-trace': () => ({
      version: version(peers, 'dd-trace'),
      flags: ['--require', peers.resolve('dd-trace/init')],
      env: { DD_TRACE_AGENT_URL: collector, DD_SERVICE: 'bench' },
      settleMs: 2500,
    }),
    'elastic-apm-node': () => ({
      version: version(peers, 'elastic-apm-node'),
      flags: ['--require', peers.resolve('elastic-apm-node/start.js')],
      env: { ELASTIC_APM_SERVER_URL: collector, ELASTIC_APM_SERVICE_NAME: 'bench', ELASTIC_APM_LOG_LEVEL: 'off' },
      settleMs: 11_000,
    }),
  };
  return names.map((name) => ({ name, ...all[name]() }));
}
