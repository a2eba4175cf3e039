import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processesOf } from './processes.mjs';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The whole program over a data directory, as a user starts it, with retention off. */
export async function startCollector(dataDir, environment = {}) {
  const [uiPort, otlpPort] = [await freePort(), await freePort()];
  const child = spawn(
    process.execPath,
    [program, `--data-dir=${dataDir}`, `--ui-port=${uiPort}`, `--otlp-port=${otlpPort}`],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ORRERY_DUCKDB__RETENTION_HOURS: '0',
        ORRERY_DUCKDB__RETENTION_BYTES: '0',
        ORRERY_SELF__TRACES: 'off',
        ORRERY_LOG_LEVEL: 'warn',
        ...environment,
      },
    },
  );
  // However this process ends: the others stop when the one above them is gone.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const agent = new Agent({ keepAlive: true });
  const ask = (path, body) => asked(agent, uiPort, `/api/orrery/v1${path}`, body);
  while ((await asked(agent, uiPort, '/readyz').catch(() => null)) === null) {
    if (child.exitCode !== null) throw new Error('the collector ended');
    await wait(20);
  }
  return {
    otlpPort,
    ask,
    /** The first answer of a new process has compilers and caches to wait for. */
    async warmUp() {
      for (let round = 0; round < 5; round++) await ask('/status');
    },
    processes() {
      return processesOf(child.pid);
    },
    storeMegabytes() {
      return (processesOf(child.pid).find(({ role }) => role === 'store').rss / 1e6).toFixed(0);
    },
    async stop() {
      agent.destroy();
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      process.off('exit', kill);
    },
  };
}

function asked(agent, port, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body ? { 'content-type': 'application/json' } : {};
    const sent = request(
      { host: '127.0.0.1', port, agent, path, method: body ? 'POST' : 'GET', headers },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`${path}: ${response.statusCode} ${text.slice(0, 300)}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
