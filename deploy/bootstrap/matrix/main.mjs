import { join } from 'node:path';
import { buildPackages } from '../build/build-packages.mjs';
import { runMain } from '../cannot.mjs';
import { runCommand } from '../command.mjs';
import { installPackages } from '../install-packages.mjs';
import { root } from '../repository.mjs';

/**
 * `npm run agent:matrix -- [options]`: the agent on every library, in every way Node code is shipped.
 * @param {string} program of `agent/matrix`
 */
export function main(program = 'index.ts') {
  return runMain(async () => {
    await installPackages();
    await buildPackages({ only: ['agent'] });
    const { code } = await runCommand(
      process.execPath,
      ['--import', 'tsx', join(root, 'agent', 'matrix', program), ...process.argv.slice(2)],
      { cwd: join(root, 'agent'), show: true },
    );
    process.exitCode = code;
  });
}
