import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Unpacks a published package with its development dependencies, once; nothing of theirs is part of this repository.
 * @param {import('./suites.mjs').Suite} suite
 * @param {string} folder
 * @returns {Promise<string>} the package's folder
 */
export async function prepare(suite, folder) {
  const target = join(folder, `${suite.package.replace('/', '-')}-${suite.version}`);
  if (existsSync(join(target, 'package.json'))) return target;
  const temporary = `${target}.part`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  await run('npm', ['pack', '--silent', '--pack-destination', temporary, `${suite.package}@${suite.version}`]);
  const [tarball] = (await readdir(temporary)).filter((name) => name.endsWith('.tgz'));
  await run('tar', ['xzf', tarball ?? '', '--strip-components=1'], { cwd: temporary });
  await onlyForTests(join(temporary, 'package.json'));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', '--loglevel=error'];
  await run('npm', ['install', ...flags], { cwd: temporary, maxBuffer: 2 ** 26 });
  await rename(temporary, target);
  return target;
}

/** Linters, type tests and coverage are not needed to run tests, and some of their ranges no longer resolve. */
const NOT_FOR_TESTS = /eslint|standard|tstyche|tsd|c8|borp|\/snap$|^@types\/|husky|lint-staged/;

async function onlyForTests(file) {
  const description = JSON.parse(await readFile(file, 'utf8'));
  delete description.scripts;
  for (const name of Object.keys(description.devDependencies ?? {})) {
    if (NOT_FOR_TESTS.test(name)) delete description.devDependencies[name];
  }
  await writeFile(file, JSON.stringify(description, null, 2));
}

/**
 * @param {string} folder
 * @param {RegExp} wanted
 */
export async function testFiles(folder, wanted) {
  const all = await readdir(folder, { recursive: true });
  return all.filter((file) => !file.includes('node_modules') && wanted.test(file)).toSorted();
}
