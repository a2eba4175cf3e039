import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotError, runMain } from './cannot.mjs';
import { endLeader, guardGroup } from './process-group.mjs';
import { isProgram, root } from './repository.mjs';

const usage = `npm run demo                                    starts the shop alone (npm start does so too)
npm run demo -- list                            what weather there is, and how the services are
npm run demo -- weather <kind> [60s]            makes weather: bank-down, stock-gone, slow-shipping, lost-parcels
npm run demo -- crash <service>                 ends a service without a word
npm run demo -- clear                           ends all weather

  --base-port <n>    first of the twenty ports (17810)
  --no-agent         starts the services without Orrery's agent
  --no-load          no customers
  --no-weather       no weather by itself`;

export const agentRegister = join(root, 'agent', 'dist', 'register.cjs');

/**
 * Starts the shop in a process group of its own, which ends when this process does.
 * @param {{ basePort: number, agent?: string, logDir?: string, load?: boolean, weather?: boolean, env?: NodeJS.ProcessEnv,
 *   stdio?: import('node:child_process').StdioOptions }} options
 */
export function startShop({
  basePort,
  agent,
  logDir,
  load = true,
  weather = true,
  env = process.env,
  stdio = 'inherit',
}) {
  const args = [join(root, 'deploy', 'demo', 'shop.mjs'), '--base-port', String(basePort)];
  if (agent) args.push('--agent', agent);
  if (logDir) args.push('--log-dir', logDir);
  if (!load) args.push('--no-load');
  if (!weather) args.push('--no-weather');
  const child = spawn(process.execPath, args, { env, stdio, detached: true });
  const callOffGuard = child.pid ? guardGroup(child.pid) : () => {};
  return {
    child,
    async stop() {
      if (child.pid) await endLeader(child.pid, 5_000);
      callOffGuard();
    },
  };
}

/** @param {string | undefined} text as `60s`, `2m` or `90` */
function parseSeconds(text = '60s') {
  const [, number, unit] = /^(\d+)(s|m)?$/.exec(text) ?? [];
  if (!number) throw new CannotError(`"${text}" is no length of time: write 60s or 2m.`);
  return Number(number) * (unit === 'm' ? 60 : 1);
}

/**
 * @param {number} basePort
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
async function tell(basePort, method, path, body) {
  let response;
  try {
    response = await fetch(`http://127.0.0.1:${basePort + 12}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch (error) {
    throw new CannotError('The shop is not running: start it with "npm start" or "npm run demo".', error);
  }
  const answer = /** @type {any} */ (await response.json());
  if (!response.ok) throw new CannotError(`${answer.reason}; "npm run demo -- list" shows what there is.`);
  return answer;
}

/** @param {any} state the control server's `GET /` */
function describe({ kinds, weather, states }) {
  const lines = Object.entries(kinds).map(([kind, text]) => `  ${kind.padEnd(15)}${text}`);
  const now = weather.map((/** @type {any} */ { kind, until }) => `  ${kind.padEnd(15)}until ${until}`);
  const services = Object.entries(states).map(([name, { running, starts }]) => {
    const restarts = starts > 1 ? `, started ${starts} times` : '';
    return `  ${name.padEnd(15)}${running ? 'running' : 'down'}${restarts}`;
  });
  return ['Weather there is:', ...lines, 'Weather now:', ...(now.length ? now : ['  fair']), 'Services:', ...services];
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'base-port': { type: 'string', default: '17810' },
      'no-agent': { type: 'boolean', default: false },
      'no-load': { type: 'boolean', default: false },
      'no-weather': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const basePort = Number(values['base-port']);
  const [order, what, length] = positionals;
  if (values.help) return console.log(usage);
  switch (order === 'weather' && (what === 'list' || what === 'crash') ? what : order) {
    case undefined: {
      const agent = !values['no-agent'] && existsSync(agentRegister) ? agentRegister : undefined;
      const load = !values['no-load'];
      const shop = startShop({ basePort, ...(agent ? { agent } : {}), load, weather: !values['no-weather'] });
      for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
        process.once(signal, () => void shop.stop());
      }
      await new Promise((resolve) => shop.child.once('exit', resolve));
      return shop.stop();
    }
    case 'list':
      return console.log(describe(await tell(basePort, 'GET', '/')).join('\n'));
    case 'weather':
      await tell(basePort, 'POST', '/weather', { kind: what ?? '', seconds: parseSeconds(length) });
      return console.log(`${what} for ${parseSeconds(length)} s`);
    case 'crash': {
      const service = order === 'weather' ? length : what;
      await tell(basePort, 'POST', '/crash', { service: service ?? '' });
      return console.log(`${service} crashed; it comes back in 2 s`);
    }
    case 'clear':
      await tell(basePort, 'POST', '/clear', {});
      return console.log('fair weather');
    default:
      throw new CannotError(usage);
  }
}

if (isProgram(import.meta.url)) await runMain(main);
