import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PublishedApp } from './published-app.js';

const run = promisify(execFile);
const AGENT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Installs an application and makes what its documentation lets a person make, once. The agent is found in its
 * `node_modules` as if it had been installed. Nothing of theirs is part of this repository.
 * @returns its folder
 */
export async function install(app: PublishedApp, cache: string, node: string): Promise<string> {
  const folder = join(cache, `${app.name}-${app.version}`.replaceAll(/[^\w.-]+/g, '-'));
  if (existsSync(folder)) return folder;
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await writeFile(join(part, 'package.json'), JSON.stringify({ name: 'tried', private: true }));
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH']}` };
  const flags = ['--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...flags, ...app.packages], { cwd: part, env, maxBuffer: 2 ** 26 });
  await app.prepare?.(part, async (program, ...args) => {
    await run(program === 'npm' ? 'npm' : join('node_modules', '.bin', program), args, {
      cwd: part,
      env: { ...env, CI: 'true' },
      maxBuffer: 2 ** 26,
    });
  });
  await mkdir(join(part, 'node_modules', '@orrery'), { recursive: true });
  await symlink(AGENT, join(part, 'node_modules', '@orrery', 'agent'));
  await rename(part, folder);
  return folder;
}
