import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from '../cannot.mjs';
import { lastLines, runCommand } from '../command.mjs';
import { fingerprint, isUpToDate, markUpToDate } from '../fingerprint.mjs';
import { withProgress } from '../progress.mjs';
import { root } from '../repository.mjs';
import { builtPackages } from './packages.mjs';

/**
 * Builds every package whose sources have changed since it was built, two at a time, each after what it needs.
 * @param {{ only?: string[] }} [options] names of packages; all when left out
 * @throws {CannotError} with the compiler's words when one does not build
 */
export async function buildPackages({ only } = {}) {
  /** @type {Map<string, Promise<void>>} */
  const building = new Map();
  for (const one of builtPackages) {
    if (only && !only.includes(one.name)) continue;
    const before = one.needs.map(async (name) => building.get(name));
    building.set(
      one.name,
      Promise.all(before).then(() => buildPackage(one)),
    );
  }
  const results = await Promise.allSettled(building.values());
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** @param {import('./packages.mjs').BuiltPackage} one */
async function buildPackage({ name, sources, result }) {
  const stamp = join(root, name, 'dist', '.built-from');
  const print = fingerprint(sources);
  if (existsSync(join(root, result)) && isUpToDate(stamp, print)) return;
  await withProgress(`building ${name}`, async () => {
    const { code, output } = await runCommand('npm', ['run', '--silent', 'build'], { cwd: join(root, name) });
    if (code !== 0) throw new CannotError(`${name} does not build:\n${lastLines(output, 20)}`);
    if (!existsSync(join(root, result))) throw new CannotError(`${name} was built, but there is no ${result}.`);
    markUpToDate(stamp, print);
  });
}
