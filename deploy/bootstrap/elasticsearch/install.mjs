import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { lastLines, runCommand } from '../command.mjs';
import { handOver, reachableFolder } from '../reachable-folder.mjs';
import { root } from '../repository.mjs';
import { singleRun } from '../single-run.mjs';
import { provideJavaHome, provideMaven } from './java.mjs';

/** The server that Elastic tests itself with; see docs for what is not in it. */
export const version = '8.19.21';

const artifact = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${version}:zip`;
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack';

/**
 * Fetches and unpacks the server unless it is there already.
 * @returns {Promise<{ home: string, javaHome: string }>} the server's folder, and the Java that runs it
 * @throws {CannotError} when Java, Maven or the network is missing
 */
export async function installElasticsearch() {
  const tools = reachableFolder(join(root, '.tools'));
  const home = join(tools, 'elasticsearch');
  return singleRun(join(tools, 'elasticsearch.lock'), async () => {
    const javaHome = await provideJavaHome();
    if (!isInstalled(home)) await fetchServer(tools, home);
    return { home, javaHome };
  });
}

/** @param {string} home */
function isInstalled(home) {
  const stamp = join(home, 'orrery-version');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === version;
}

/**
 * @param {string} tools
 * @param {string} home
 */
async function fetchServer(tools, home) {
  await provideMaven();
  const unpacked = join(tools, `elasticsearch.${process.pid}`);
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const args = ['-B', '-ntp', '-q', plugin, `-Dartifact=${artifact}`, `-DoutputDirectory=${unpacked}`];
  const { code, output } = await runCommand('mvn', args, { cwd: unpacked });
  const server = join(unpacked, `elasticsearch-${version}`);
  if (code !== 0 || !existsSync(join(server, 'bin', 'elasticsearch'))) {
    rmSync(unpacked, { recursive: true, force: true });
    throw new CannotError(
      `Elasticsearch ${version} could not be fetched from Maven Central: check the network (or a mirror in ~/.m2/settings.xml), or use a server of your own with --elasticsearch-url.\n${lastLines(output)}`,
    );
  }
  writeFileSync(join(server, 'orrery-version'), version);
  handOver(server);
  rmSync(home, { recursive: true, force: true });
  renameSync(server, home);
  rmSync(unpacked, { recursive: true, force: true });
}
