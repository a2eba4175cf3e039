import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rollingFile } from '../../bootstrap/rolling-file.mjs';
import { urlsFrom } from './services.mjs';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const restartAfterMs = 2_000;

/**
 * @typedef {{ basePort: number, agent: string | undefined, logDir: string, report: (line: string) => void }} Surroundings
 */

/**
 * One service: started, kept running, held down while the weather wants it, stopped.
 * @param {import('./services.mjs').Service} service
 * @param {Surroundings} surroundings
 */
export function serviceProcess(service, { basePort, agent, logDir, report }) {
  const output = rollingFile(join(logDir, `${service.name}.log`));
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  let wanted = false;
  let starts = 0;
  /** @type {(() => void)[]} */
  const afterCrash = [];

  function start() {
    const args = [
      ...(service.traced && agent ? ['--require', agent] : []),
      ...(service.node ?? []),
      join(folder, service.file),
    ];
    const started = spawn(process.execPath, args, {
      cwd: folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    starts++;
    started.stdout.on('data', (chunk) => output.write(chunk));
    started.stderr.on('data', (chunk) => output.write(chunk));
    started.once('exit', (code, signal) => {
      child = undefined;
      if (!wanted) return;
      report(`${service.name} ended (${signal ?? code}), starting it again in ${restartAfterMs / 1000} s`);
      for (const listener of afterCrash) listener();
      setTimeout(() => {
        if (wanted && !child) start();
      }, restartAfterMs).unref();
    });
  }

  function environment() {
    const version = service.version ? `,service.version=${service.version}` : '';
    return {
      ...process.env,
      // Nine small services: V8's default of growing first and collecting later would cost twice the memory.
      NODE_OPTIONS: `--max-semi-space-size=2 ${process.env.NODE_OPTIONS ?? ''}`.trim(),
      PORT: String(basePort + service.offset),
      OTEL_SERVICE_NAME: service.name,
      OTEL_RESOURCE_ATTRIBUTES: `service.namespace=shop,deployment.environment.name=demo${version}`,
      ...service.env?.(urlsFrom(basePort)),
    };
  }

  return {
    name: service.name,

    /** Starts it, and starts it again whenever it ends by itself. */
    up() {
      wanted = true;
      if (!child) start();
    },

    /** Takes it down and leaves it down. */
    async down() {
      wanted = false;
      const running = child;
      if (!running) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGTERM');
      const late = new AbortController();
      await Promise.race([ended, delay(2_000, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
      running.kill('SIGKILL');
      await ended;
    },

    /** Ends it without a word, as a crash would. */
    crash: () => child?.kill('SIGKILL') ?? false,

    /** @param {() => void} listener called whenever it ended by itself */
    onCrash: (listener) => afterCrash.push(listener),

    state: () => ({ running: child !== undefined, wanted, starts, pid: child?.pid ?? null }),

    /** Resolves once it answers, or with false after the time. @param {number} withinMs */
    async isReady(withinMs) {
      const deadline = Date.now() + withinMs;
      while (Date.now() < deadline) {
        if (await answers(service, basePort)) return true;
        await delay(100);
      }
      return false;
    },
  };
}

/**
 * @param {import('./services.mjs').Service} service
 * @param {number} basePort
 */
async function answers(service, basePort) {
  const port = basePort + service.offset;
  if (service.traced) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(1_000) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
