import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { load } from './load.mjs';

const server = fileURLToPath(new URL('server.cjs', import.meta.url));
const WARM_UP = 5000;
/** Longer than any agent takes on any machine; what takes longer hangs. */
const PATIENCE_MS = 120_000;
const START_PATIENCE_MS = 30_000;
const REST_AFTER_MS = 2000;

/**
 * One service under load, in a process of its own. CPU is that of all its threads, user and system, sending included.
 * @param {import('./variants.mjs').Variant} variant
 * @param {string} app
 * @throws when the service does not start, breaks, answers with an error or hangs
 */
export async function underLoad(variant, app, requests, env, counter) {
  const service = startService(variant, app, env);
  try {
    const port = await service.port;
    const isHttp2 = app === 'http2';
    await load(port, WARM_UP, isHttp2);
    const before = await service.usage();
    const { perSecond, p99Ms } = await load(port, requests, isHttp2);
    await new Promise((resolve) => setTimeout(resolve, variant.settleMs));
    const after = await service.usage();
    await service.stop();
    const arrived = await counter();
    const all = requests + WARM_UP;
    return {
      'CPU, µs a request': (after.cpuMicros - before.cpuMicros) / requests,
      'requests a second': perSecond,
      'p99, ms': p99Ms,
      'RSS, MB': after.rss / 1e6,
      'spans a request': arrived.spans / all,
      'log records a request': arrived.logs / all,
      'bytes sent a request': arrived.bytes / all,
    };
  } finally {
    service.kill();
  }
}

/** Everything that is asked of it fails with its last words once it has ended. */
function startService(variant, app, env) {
  const child = fork(server, [app], {
    execArgv: variant.flags,
    env: { ...env, ...variant.env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    words = (words + text).slice(-1000);
  });
  const overdue = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const ended = new Promise((_, reject) => {
    child.on('exit', (code, signal) => reject(new Error(`the service ended (${signal ?? code}): ${words.trim()}`)));
  });
  ended.catch(() => clearTimeout(overdue));
  const answer = () => Promise.race([once(child, 'message').then(([message]) => message), ended]);
  return {
    port: answer().then(({ port }) => port),
    usage: () => {
      child.send('usage');
      return answer();
    },
    stop: async () => {
      child.send('stop');
      await ended.catch(() => undefined);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** Milliseconds from the start of the process to the application's first line: what stands between them is on the main thread. */
export function startOf(variant, program, env) {
  const script = [...variant.flags, ...program];
  const start = performance.now();
  const { stdout, stderr } = spawnSync(process.execPath, script, {
    env: { ...env, ...variant.env },
    encoding: 'utf8',
    timeout: START_PATIENCE_MS,
  });
  const main = Number.parseFloat(stdout);
  if (Number.isNaN(main)) throw new Error(`the program said nothing: ${stderr.slice(-1000)}`);
  return { main, wall: performance.now() - start };
}

/** A process that is left to itself: the CPU it takes in `seconds`, once it has come to rest. */
export async function idle(variant, seconds, env) {
  const program = `setTimeout(() => {
    const before = process.cpuUsage();
    setTimeout(() => { console.log(JSON.stringify(process.cpuUsage(before))); process.exit(); }, ${seconds * 1000});
  }, ${REST_AFTER_MS})`;
  const child = spawn(process.execPath, [...variant.flags, '--eval', program], {
    env: { ...env, ...variant.env },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: START_PATIENCE_MS,
  });
  const parts = await child.stdout.setEncoding('utf8').toArray();
  const { user, system } = JSON.parse(parts.join(''));
  return (user + system) / 1000;
}
