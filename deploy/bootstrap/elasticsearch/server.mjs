import { mkdirSync, readFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { lastLines, runCommand } from '../command.mjs';
import { findFreePort } from '../free-port.mjs';
import { endGroup, signalGroup, waitForGroupEnd } from '../process-group.mjs';
import { handOver, reachableFolder, serverIdentity } from '../reachable-folder.mjs';
import { startServerProcess } from '../server-process.mjs';
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

  const { pid, callOffGuard, untilReady } = startServerProcess({
    name: 'Elasticsearch',
    command: join(home, 'bin', 'elasticsearch'),
    args: [],
    cwd: folder,
    env,
    outputPath: join(folder, 'logs', 'output.log'),
    outlive,
  });

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
  await untilReady({
    isReady: () => isReady(url, security, tls),
    at: url,
    withinMs: readyWithinMs,
    everyMs: 250,
    stop,
  });
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
