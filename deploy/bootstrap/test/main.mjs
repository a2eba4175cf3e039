import { buildPackages } from '../build/build-packages.mjs';
import { runMain } from '../cannot.mjs';
import { installPackages } from '../install-packages.mjs';
import { runLint } from '../lint/run-lint.mjs';
import { provideForTests } from './provisions.mjs';
import { runTests } from './run-tests.mjs';

/**
 * `npm test`: everything a change must pass. With arguments, only the tests that vitest finds with them,
 * without lint: `npm test -- --project agent`.
 */
export function main() {
  return runMain(async () => {
    const args = process.argv.slice(2);
    const isCi = process.env.CI === 'true';
    await installPackages();
    await buildPackages();
    const lintFailures = args.length > 0 ? 0 : await runLint();
    const missing = await provideForTests({ required: isCi });
    const { passed, failed, skipped, skippedNames } = await runTests(args);
    for (const line of missing) console.log(line);
    if (isCi) for (const name of skippedNames) console.log(`skipped, though with CI nothing may be: ${name}`);
    if (lintFailures > 0) console.log(`${lintFailures} of the lint checks failed, see above`);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    if (failed > 0 || lintFailures > 0 || (isCi && skipped > 0)) process.exitCode = 1;
  });
}
