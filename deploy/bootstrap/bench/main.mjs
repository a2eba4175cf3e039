import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackages } from '../build/build-packages.mjs';
import { CannotError, runMain } from '../cannot.mjs';
import { runCommand } from '../command.mjs';
import { installPackages } from '../install-packages.mjs';
import { root } from '../repository.mjs';

const packages = ['agent', 'collector', 'dashboard', 'synthetic'];

/** `npm run bench -- <package> [options of that benchmark]` */
export function main() {
  return runMain(async () => {
    const [name = '', ...rest] = process.argv.slice(2);
    const known = packages.filter((candidate) => existsSync(join(root, candidate, 'bench', 'index.mjs')));
    if (!known.includes(name)) {
      throw new CannotError(`npm run bench -- <package> [options]\n\nPackages with a benchmark: ${known.join(', ')}`);
    }
    await installPackages();
    await buildPackages(name === 'agent' ? { only: ['agent'] } : {});
    const { code } = await runCommand(process.execPath, [join(root, name, 'bench', 'index.mjs'), ...rest], {
      cwd: join(root, name),
      show: true,
    });
    process.exitCode = code;
  });
}
