import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotError } from '../cannot.mjs';
import { root } from '../repository.mjs';

export const usage = `npm start -- [options]

Starts Orrery (collector with the dashboard, synthetic runner) and a demo shop under it.

  --no-demo                  without the shop, its checks and its load
  --data-dir <folder>        where the data is kept (.orrery)
  --ui-port <port>           dashboard and API (1781)
  --otlp-port <port>         OTLP/HTTP and _bulk (4318)
  --demo-port <port>         first of the shop's twenty ports (17810)
  --host <address>           address to listen on (127.0.0.1)
  --store <store>            duckdb (default) or elasticsearch
  --elasticsearch-url <url>  a server of yours; without it one is fetched and started
  --config <file>            orrery.yaml (the one in the repository's root, else the demo's)
  --help                     this

Ctrl-C stops everything; the data stays.`;

/**
 * @typedef {{
 *   demo: boolean, dataDir: string, uiPort: number, otlpPort: number, demoPort: number, host: string,
 *   store: 'duckdb' | 'elasticsearch', elasticsearchUrl: string | undefined, config: string | undefined,
 * }} StartOptions
 */

/**
 * @param {string[]} args
 * @returns {StartOptions | 'help'}
 * @throws {CannotError} when an option is unknown or has no sensible value
 */
export function parseOptions(args) {
  const { values } = parse(args);
  if (values.help) return 'help';
  const store = values.store;
  if (store !== 'duckdb' && store !== 'elasticsearch') {
    throw new CannotError(`There is no store "${store}": choose duckdb or elasticsearch.`);
  }
  return {
    demo: !values['no-demo'],
    dataDir: resolve(values['data-dir']),
    uiPort: port('--ui-port', values['ui-port']),
    otlpPort: port('--otlp-port', values['otlp-port']),
    demoPort: port('--demo-port', values['demo-port']),
    host: values.host,
    store,
    elasticsearchUrl: values['elasticsearch-url'],
    config: values.config && resolve(values.config),
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        'no-demo': { type: 'boolean', default: false },
        'data-dir': { type: 'string', default: process.env.ORRERY_DATA_DIR ?? join(root, '.orrery') },
        'ui-port': { type: 'string', default: '1781' },
        'otlp-port': { type: 'string', default: '4318' },
        'demo-port': { type: 'string', default: '17810' },
        host: { type: 'string', default: '127.0.0.1' },
        store: { type: 'string', default: 'duckdb' },
        'elasticsearch-url': { type: 'string' },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new CannotError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

/**
 * @param {string} option
 * @param {string} text
 */
function port(option, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new CannotError(`${option} ${text}: a port is a number from 1 to 65535.`);
  }
  return number;
}
