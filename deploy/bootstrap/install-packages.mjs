import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from './cannot.mjs';
import { lastLines, runCommand } from './command.mjs';
import { fingerprint, isUpToDate, markUpToDate } from './fingerprint.mjs';
import { withProgress } from './progress.mjs';
import { root } from './repository.mjs';

const describing = [
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'package.json',
  'agent/package.json',
  'collector/package.json',
  'dashboard/package.json',
  'synthetic/package.json',
  'deploy/package.json',
  'deploy/demo/package.json',
];

/**
 * Installs what the lockfile says with the pnpm that package.json pins, unless that was done already.
 * @throws {CannotError} when the registry cannot be reached or the lockfile does not fit
 */
export async function installPackages() {
  const stamp = join(root, 'node_modules', '.orrery-installed');
  const print = fingerprint(describing);
  if (isUpToDate(stamp, print) && existsSync(join(root, 'node_modules', '.pnpm'))) return;
  await withProgress('installing packages (the first time takes a minute or two)', async () => {
    const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const pnpm = ['exec', '--yes', `--package=${packageManager}`, '--', 'pnpm'];
    const args = [...pnpm, 'install', '--frozen-lockfile', '--prefer-offline'];
    const { code, output } = await runCommand('npm', args, { cwd: root, env: { ...process.env, CI: 'true' } });
    if (code !== 0) {
      throw new CannotError(
        `The packages could not be installed; is the registry reachable?\n${lastLines(output, 15)}`,
      );
    }
    markUpToDate(stamp, print);
  });
}
