import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { runCommand } from '../command.mjs';
import { canInstallPackages, installPackages } from '../debian.mjs';

const oldestJava = 17;

/** Home of a Java that can run the server, or undefined. */
async function findJavaHome() {
  for (const home of [process.env.ES_JAVA_HOME, process.env.JAVA_HOME, await javaHomeOnPath()]) {
    if (home && (await javaVersion(home)) >= oldestJava) return home;
  }
  return undefined;
}

async function javaHomeOnPath() {
  const { code, output } = await runCommand('sh', ['-c', 'command -v java']);
  return code === 0 ? dirname(dirname(realpathSync(output.trim()))) : undefined;
}

/** @param {string} home */
async function javaVersion(home) {
  const java = join(home, 'bin', 'java');
  if (!existsSync(java)) return 0;
  const { output } = await runCommand(java, ['-version']);
  return Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
}

/**
 * Home of a Java ≥ 17, installed first where that needs nobody's leave.
 * @throws {CannotError} with the command that would provide it
 */
export async function provideJavaHome() {
  const found = await findJavaHome();
  if (found) return found;
  if (canInstallPackages()) {
    await installPackages([['openjdk-17-jre-headless'], ['openjdk-21-jre-headless'], ['default-jre-headless']]);
    const installed = await findJavaHome();
    if (installed) return installed;
  }
  throw new CannotError(
    `Elasticsearch needs Java ${oldestJava} or newer: install one (Debian: apt-get install openjdk-17-jre-headless) or set ES_JAVA_HOME.`,
  );
}

/**
 * Makes sure that `mvn` can be run.
 * @throws {CannotError} with the command that would provide it
 */
export async function provideMaven() {
  if ((await runCommand('mvn', ['-v'])).code === 0) return;
  if (canInstallPackages()) {
    await installPackages([['maven']]);
    if ((await runCommand('mvn', ['-v'])).code === 0) return;
  }
  throw new CannotError('Elasticsearch is fetched with Maven: install it (Debian: apt-get install maven).');
}
