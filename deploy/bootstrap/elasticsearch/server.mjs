import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CannotError } from '../cannot.mjs';
import { lastLines, runCommand } from '../command.mjs';
import { findFreePort } from '../free-port.mjs';
import { endGroup, guardGroup, signalGroup, waitForGroupEnd } from '../process-group.mjs';
import { handOver, reachableFolder, serverIdentity } from '../reachable-folder.mjs';
import { writeConfiguration } from './configuration.mjs';
import { installElasticsearch } from './install.mjs';

const usualPatienceMs = 120_000;

/** @type {import('../elasticsearch.d.mts').startElasticsearch} */
export async function startElasticsearch({
  port,
  dataDir,
  security,
  tls,
  heap = '512m',
  outlive = false,
  readyWithinMs = usualPatienceMs,
}) {
  const { home, javaHome } = await installElasticsearch();
  const httpPort = port ?? (await findFreePort());
  const folder = reachableFolder(dataDir);
  for (const name of ['data', 'logs', 'config', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  const configuration = writeConfiguration({ home, dataDir: folder, port: httpPort, heap, security, tls });
  handOver(folder);

  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    ES_JAVA_HOME: javaHome,
    ES_PATH_CONF: configuration,
    ES_TMPDIR: join(folder, 'tmp'),
  };
  if (security) await addUser({ home, env, ...security });

  const outputPath = join(folder, 'logs', 'output.log');
  const output = openSync(outputPath, 'w');
  // The script starts a launcher, and that the server: only the whole group is the server.
  const child = spawn(join(home, 'bin', 'elasticsearch'), [], {
    cwd: folder,
    env,
    ...serverIdentity(),
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', () => {
    ended = true;
  });
  const pid = child.pid;
  if (pid === undefined) throw new CannotError(`Elasticsearch could not be started from ${home}.`);
  child.unref();
  const callOffGuard = outlive ? () => {} : guardGroup(pid);

  /** @param {NodeJS.Signals} signal */
  const kill = async (signal) => {
    signalGroup(pid, signal);
    if (!(await waitForGroupEnd(pid, 30_000))) signalGroup(pid, 'SIGKILL');
    callOffGuard();
  };
  const stop = async () => {
    await endGroup(pid, 20_000);
    callOffGuard();
  };

  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${httpPort}`;
  const deadline = Date.now() + readyWithinMs;
  while (!(await isReady(url, security, tls))) {
    if (!ended && Date.now() < deadline) {
      await delay(250);
      continue;
    }
    await stop();
    const reason = lastLines(readFileSync(outputPath, 'utf8'));
    throw new CannotError(`Elasticsearch did not become ready on ${url}; its last words were:\n${reason}`);
  }
  return { url, pid, dataDir: folder, kill, stop };
}

/**
 * `GET /` is not in this build (405), so health is the probe.
 * @param {string} url
 * @param {import('./configuration.mjs').Credentials | undefined} security
 * @param {import('./configuration.mjs').Tls | undefined} tls
 * @returns {Promise<boolean>}
 */
async function isReady(url, security, tls) {
  const get = tls ? httpsGet : httpGet;
  const options = {
    ...(security ? { auth: `${security.user}:${security.password}` } : {}),
    ...(tls ? { ca: readFileSync(tls.caFile) } : {}),
    agent: false,
    timeout: 6_000,
  };
  return new Promise((resolve) => {
    const request = get(`${url}/_cluster/health?wait_for_status=yellow&timeout=5s`, options, (response) => {
      response.resume();
      response.once('error', () => resolve(false));
      response.once('end', () => resolve(response.statusCode === 200));
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', () => resolve(false));
  });
}

/** @param {{ home: string, env: NodeJS.ProcessEnv, user: string, password: string }} account */
async function addUser({ home, env, user, password }) {
  const tool = join(home, 'bin', 'elasticsearch-users');
  const options = { env, ...serverIdentity() };
  const { code, output } = await runCommand(tool, ['useradd', user, '-p', password, '-r', 'superuser'], options);
  if (code === 0) return;
  // A data directory that is used again has its user already; the password may be another one.
  const again = await runCommand(tool, ['passwd', user, '-p', password], options);
  if (again.code !== 0)
    throw new CannotError(`Elasticsearch's user ${user} could not be made: ${lastLines(output, 2)}`);
}
