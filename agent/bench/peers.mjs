import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Agents of others that are no dependency of ours: installed when they are measured, in these versions. */
const PEERS = { 'dd-trace': '5.132.0', 'elastic-apm-node': '4.18.0' };
const CACHE = fileURLToPath(new URL('../../.tools/bench', import.meta.url));

/**
 * Where the peers are, after installing those that are missing.
 * @returns {Promise<NodeJS.Require>} resolves packages as an application that depends on them does
 */
export async function providePeers() {
  const name = Object.entries(PEERS).map(([peer, version]) => `${peer}-${version}`);
  const folder = join(CACHE, name.join('-'));
  if (!existsSync(folder)) {
    const part = `${folder}.part`;
    await rm(part, { recursive: true, force: true });
    await mkdir(part, { recursive: true });
    await writeFile(join(part, 'package.json'), '{"private":true}');
    const packages = Object.entries(PEERS).map(([peer, version]) => `${peer}@${version}`);
    const flags = ['--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await promisify(execFile)('npm', ['install', ...flags, ...packages], { cwd: part });
    await rename(part, folder);
  }
  return createRequire(join(folder, 'package.json'));
}
