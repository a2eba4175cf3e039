import { join } from 'node:path';
import { buildPackages } from '../build/build-packages.mjs';
import { runMain } from '../cannot.mjs';
import { runCommand } from '../command.mjs';
import { installPackages } from '../install-packages.mjs';
import { root } from '../repository.mjs';

/** `npm run torture -- [battery …] [options]`: the long versions of what `npm test` does for a few minutes. */
export function main() {
  return runMain(async () => {
    await installPackages();
    await buildPackages({});
    const { code } = await runCommand(
      process.execPath,
      ['--import', 'tsx', join(root, 'collector', 'torture', 'index.ts'), ...process.argv.slice(2)],
      { cwd: join(root, 'collector'), show: true },
    );
    process.exitCode = code;
  });
}
