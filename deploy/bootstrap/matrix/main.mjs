import { join } from 'node:path';
import { buildPackages } from '../build/build-packages.mjs';
import { CannotError, runMain } from '../cannot.mjs';
import { runCommand } from '../command.mjs';
import { installPackages } from '../install-packages.mjs';
import { root } from '../repository.mjs';
import { provideKafka, provideServers } from '../servers.mjs';

/**
 * `npm run agent:matrix -- [options]`: the agent on every library, in every way Node code is shipped.
 * @param {string} program of `agent/matrix`
 */
export function main(program = 'index.ts') {
  return runMain(async () => {
    await installPackages();
    await buildPackages({ only: ['agent'] });
    // A server that cannot be had is n/a in the table.
    for (const provide of program === 'index.ts' ? [provideServers, provideKafka] : []) {
      await provide().catch((error) => {
        if (!(error instanceof CannotError)) throw error;
        process.stderr.write(`${error.message}\n`);
      });
    }
    const { code } = await runCommand(
      process.execPath,
      ['--import', 'tsx', join(root, 'agent', 'matrix', program), ...process.argv.slice(2)],
      { cwd: join(root, 'agent'), show: true },
    );
    process.exitCode = code;
  });
}
