import { existsSync } from 'node:fs';
import { CannotError } from './cannot.mjs';
import { lastLines, runCommand } from './command.mjs';

/** Whether packages can be installed without asking anybody: Debian or a child of it, and root. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/**
 * Installs the first set of packages that this release of Debian has.
 * @param {string[][]} choices each a whole set, the preferred one first
 * @throws {CannotError} when none could be installed
 */
export async function installPackages(choices) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', ['update', '-qq'], { env });
  let reason = '';
  for (const packages of choices) {
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    const { code, output } = await runCommand('apt-get', args, { env });
    if (code === 0) return;
    reason = lastLines(output, 3);
  }
  const names = choices.map((packages) => packages.join(' ')).join(', or ');
  throw new CannotError(`apt-get could not install ${names}: ${reason}`);
}
