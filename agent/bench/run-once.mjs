import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { load } from './load.mjs';

const server = fileURLToPath(new URL('server.cjs', import.meta.url));
const WARM_UP = 3000;
/** What was recorded has to be sent, too; so long do agents gather before they send, by default, and some more. */
const SETTLE_MS = { dd: 2500, elastic: 11_000, '@opentelemetry/auto': 5500, 'orrery otel': 5500, other: 1500 };

/**
 * One service under load, in a process of its own. CPU is that of all its threads, user and system, sending included.
 * @param {import('./variants.mjs').Variant} variant
 * @param {string} app
 */
export async function underLoad(variant, app, requests, env, counter) {
  const child = fork(server, [app], {
    execArgv: variant.flags,
    env: { ...env, ...variant.env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [{ port }] = await once(child, 'message');
  const isHttp2 = app === 'http2';
  await load(port, WARM_UP, isHttp2);
  const before = await ask(child, 'cpu');
  const { perSecond, p99Ms } = await load(port, requests, isHttp2);
  const settle = SETTLE_MS[variant.name.split('-', 1)[0]] ?? SETTLE_MS.other;
  await new Promise((resolve) => setTimeout(resolve, settle));
  const after = await ask(child, 'cpu');
  child.send('stop');
  await once(child, 'exit');
  const arrived = await counter();
  const micros = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
  const all = requests + WARM_UP;
  return {
    'CPU, µs a request': micros / requests,
    'requests a second': perSecond,
    'p99, ms': p99Ms,
    'RSS, MB': after.rss / 1e6,
    'spans a request': arrived.spans / all,
    'bytes sent a request': arrived.bytes / all,
  };
}

async function ask(child, question) {
  child.send(question);
  const [answer] = await once(child, 'message');
  return answer;
}

/** Milliseconds from the start of the process to the application's first line: what stands between them is on the main thread. */
export function startOf(variant, program, env) {
  const script = [...variant.flags, ...program];
  const start = performance.now();
  const { stdout } = spawnSync(process.execPath, script, { env: { ...env, ...variant.env }, encoding: 'utf8' });
  return { main: Number(stdout), wall: performance.now() - start };
}

/** A process that is left to itself for `seconds`: the CPU it takes for that. */
export async function idle(variant, seconds, env) {
  const child = spawn(
    process.execPath,
    [
      ...variant.flags,
      '--eval',
      `setTimeout(() => console.log(JSON.stringify(process.cpuUsage())), ${seconds * 1000})`,
    ],
    { env: { ...env, ...variant.env }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const [line] = await once(child.stdout, 'data');
  const { user, system } = JSON.parse(line);
  return (user + system) / 1000;
}
