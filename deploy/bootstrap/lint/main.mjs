import { CannotError, runMain } from '../cannot.mjs';
import { installPackages } from '../install-packages.mjs';
import { runLint } from './run-lint.mjs';

/** `npm run lint` */
export function main() {
  return runMain(async () => {
    await installPackages();
    const failed = await runLint();
    if (failed > 0) throw new CannotError(`${failed} of the checks failed.`);
  });
}
