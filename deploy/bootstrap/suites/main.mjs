import { join } from 'node:path';
import { buildPackages } from '../build/build-packages.mjs';
import { runMain } from '../cannot.mjs';
import { runCommand } from '../command.mjs';
import { installPackages } from '../install-packages.mjs';
import { root } from '../repository.mjs';

/** `npm run agent:suites -- [package …]`: published test suites of libraries, with the agent and without. */
export function main() {
  return runMain(async () => {
    await installPackages();
    await buildPackages({ only: ['agent'] });
    const { code } = await runCommand(
      process.execPath,
      [join(root, 'agent', 'suites', 'index.mjs'), ...process.argv.slice(2)],
      { cwd: join(root, 'agent'), show: true },
    );
    process.exitCode = code;
  });
}
