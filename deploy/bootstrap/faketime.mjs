import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotError } from './cannot.mjs';
import { lastLines, runCommand } from './command.mjs';
import { root } from './repository.mjs';
import { singleRun } from './single-run.mjs';

const folder = join(root, '.tools', 'faketime');
const library = join('faketime', 'libfaketimeMT.so.1');

/** @type {import('./faketime.d.mts').findFaketime} */
export function findFaketime() {
  for (const base of ['/usr/lib', join(folder, 'usr', 'lib')]) {
    if (!existsSync(base)) continue;
    const found = readdirSync(base)
      .map((machine) => join(base, machine, library))
      .find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @type {import('./faketime.d.mts').provideFaketime} */
export async function provideFaketime() {
  const there = findFaketime();
  if (there !== undefined) return there;
  await singleRun(`${folder}.lock`, async () => {
    if (findFaketime() === undefined) await unpack();
  });
  const found = findFaketime();
  if (found === undefined) throw new CannotError('The package libfaketime of this Debian has no library for threads.');
  return found;
}

/** Fetches the package and unpacks it, which needs no rights; only lists of packages that are missing do. */
async function unpack() {
  // Apt fetches as a user of its own when it is root, who cannot write to just any folder.
  const work = mkdtempSync(join(tmpdir(), 'orrery-faketime-'));
  try {
    const fetch = () => runCommand('apt-get', ['download', '-qq', 'libfaketime'], { cwd: work });
    let fetched = await fetch();
    if (fetched.code !== 0) {
      await runCommand('apt-get', ['update', '-qq']);
      fetched = await fetch();
    }
    const file = readdirSync(work).find((name) => name.endsWith('.deb'));
    const fresh = `${folder}.new`;
    rmSync(fresh, { recursive: true, force: true });
    const { code, output } =
      file === undefined ? fetched : await runCommand('dpkg-deb', ['-x', join(work, file), fresh]);
    if (code !== 0) {
      throw new CannotError(
        `There is no libfaketime, with which tests set clocks: on Debian, "apt-get install libfaketime" (${lastLines(output, 2)}).`,
      );
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
