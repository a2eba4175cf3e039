import { join } from 'node:path';
import { buildPackages } from '../build/build-packages.mjs';
import { runMain } from '../cannot.mjs';
import { runCommand } from '../command.mjs';
import { installPackages } from '../install-packages.mjs';
import { root } from '../repository.mjs';
import { provideServers } from '../servers.mjs';

/** `npm run agent:apps -- [application …]`: published applications, with the agent and without. */
export function main() {
  return runMain(async () => {
    await installPackages();
    await buildPackages({ only: ['agent'] });
    await provideServers();
    const { code } = await runCommand(
      process.execPath,
      ['--import', 'tsx', join(root, 'agent', 'apps', 'index.ts'), ...process.argv.slice(2)],
      { cwd: join(root, 'agent'), show: true },
    );
    process.exitCode = code;
  });
}
