import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NODES, nodeProgram } from '../nodes.js';
import { runCell } from '../run-cell.js';
import { next } from './expected.js';

/**
 * `npm run agent:next`: a site built by Next as a standalone server, with the agent preloaded. Next is 350 MB, so it is
 * installed when this is asked for, into a folder that goes away afterwards. Ends with 1 when something was not seen.
 */
const VERSIONS = ['15.5.29', '16.4.6'];
const SITE = fileURLToPath(new URL('site/', import.meta.url));
const run = promisify(execFile);
/** The build runs in this process's Node; nothing is told to anybody. */
const ENV = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CI: 'true' };

for (const version of VERSIONS) {
  const folder = await mkdtemp(join(tmpdir(), 'orrery-next-'));
  try {
    const server = await buildSite(folder, version);
    for (const major of NODES) {
      const node = nodeProgram(major);
      if (node === undefined) continue;
      const faults = await runCell({ file: server, nodeArguments: [] }, next, node);
      process.stdout.write(`${faults.length === 0 ? '✓' : '✗'} next ${version}, standalone, Node ${major}\n`);
      for (const fault of faults) process.stdout.write(`    ${fault}\n`);
      if (faults.length > 0) process.exitCode = 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Answers the file that starts the server. */
async function buildSite(folder: string, version: string): Promise<string> {
  await cp(SITE, folder, { recursive: true });
  const dependencies = { next: version, react: '19.2.0', 'react-dom': '19.2.0' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'site', private: true, dependencies }));
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, env: ENV });
  await run('npx', ['next', 'build'], { cwd: folder, env: ENV, maxBuffer: 1e8 });
  const standalone = join(folder, '.next/standalone');
  await cp(join(folder, 'serve.cjs'), join(standalone, 'serve.cjs'));
  return join(standalone, 'serve.cjs');
}
