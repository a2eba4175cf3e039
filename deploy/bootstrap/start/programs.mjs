import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findChromium } from '../chromium.mjs';
import { agentRegister } from '../demo.mjs';
import { root } from '../repository.mjs';
import { startProgram } from './program.mjs';

/** @typedef {import('./options.mjs').StartOptions} StartOptions */
/** @typedef {(line: string) => void} Report */

/**
 * The user's own configuration, else the demo's, else none.
 * @param {StartOptions} options
 */
function configFile({ config, demo }) {
  const own = join(root, 'orrery.yaml');
  if (config) return config;
  if (existsSync(own)) return own;
  return demo ? join(root, 'deploy', 'demo', 'orrery.yaml') : undefined;
}

/**
 * The user's own folder of a name, and the demo's, as arguments.
 * @param {string} option
 * @param {string} name
 * @param {StartOptions} options
 */
function folders(option, name, { demo }) {
  const own = join(root, name);
  const found = [...(existsSync(own) ? [own] : []), ...(demo ? [join(root, 'deploy', 'demo', name)] : [])];
  return found.length > 0 ? [option, ...found] : [];
}

/** @param {StartOptions} options */
export function addresses({ host, uiPort, otlpPort, demoPort }) {
  const here = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const named = here.includes(':') ? `[${here}]` : here;
  return {
    ui: `http://${named}:${uiPort}`,
    otlp: `http://${named}:${otlpPort}`,
    shop: `http://127.0.0.1:${demoPort}`,
  };
}

/**
 * @param {StartOptions} options
 * @param {Report} report
 */
export function startCollector(options, report) {
  const { dataDir, uiPort, otlpPort, host, store, elasticsearchUrl } = options;
  const config = configFile(options);
  return startProgram({
    name: 'collector',
    cwd: root,
    args: [
      join(root, 'collector', 'dist', 'main.js'),
      `--data-dir=${dataDir}`,
      `--ui-port=${uiPort}`,
      `--otlp-port=${otlpPort}`,
      `--host=${host}`,
      `--store=${store}`,
      ...(elasticsearchUrl ? [`--elasticsearch-url=${elasticsearchUrl}`] : []),
      ...(config ? [`--config=${config}`] : []),
    ],
    logFile: join(dataDir, 'logs', 'collector.log'),
    report,
  });
}

/**
 * @param {StartOptions} options
 * @param {Report} report
 */
export function startRunner(options, report) {
  const { ui, otlp, shop } = addresses(options);
  const config = configFile(options);
  const chromium = findChromium();
  return startProgram({
    name: 'synthetic runner',
    cwd: root,
    args: [
      join(root, 'synthetic', 'dist', 'cli.js'),
      'serve',
      `--api=${ui}`,
      `--otlp=${otlp}`,
      ...folders('--checks', 'checks', options),
      ...folders('--expectations', 'expectations', options),
      ...(config ? [`--config=${config}`] : []),
    ],
    env: {
      ...process.env,
      ORRERY_VAR_SHOP: shop,
      ...(chromium ? { ORRERY_CHROMIUM: chromium.executablePath } : {}),
    },
    logFile: join(options.dataDir, 'logs', 'runner.log'),
    report,
  });
}

/**
 * @param {StartOptions} options
 * @param {Report} report
 */
export function startDemo(options, report) {
  /** @type {() => void} */
  let opened = () => {};
  const open = new Promise((resolve) => {
    opened = () => resolve(undefined);
  });
  const program = startProgram({
    name: 'demo shop',
    cwd: root,
    args: [
      join(root, 'deploy', 'demo', 'shop.mjs'),
      `--base-port=${options.demoPort}`,
      `--agent=${agentRegister}`,
      `--log-dir=${join(options.dataDir, 'logs', 'demo')}`,
    ],
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: addresses(options).otlp },
    logFile: join(options.dataDir, 'logs', 'demo.log'),
    report,
    onLine: (line) => {
      if (line.startsWith('shop is open')) opened();
      report(line);
    },
  });
  return {
    program,
    /** Resolves when the shop sells, or when the time is over. @param {number} withinMs */
    isOpen: (withinMs) => Promise.race([open, delay(withinMs, undefined, { ref: false })]),
  };
}
