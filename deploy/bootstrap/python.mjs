import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotError } from './cannot.mjs';
import { lastLines, runCommand } from './command.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { root } from './repository.mjs';

/**
 * What the second system of the tests reports with: the unmodified SDK of another language; and what asks the API
 * everything its description allows, and more.
 */
const packages = [
  'opentelemetry-sdk==1.45.2',
  'opentelemetry-exporter-otlp-proto-http==1.45.2',
  'schemathesis==4.32.5',
];

/** @type {import('./python.d.mts').providePython} */
export async function providePython() {
  const folder = join(root, '.tools', 'python');
  const python = join(folder, 'bin', 'python');
  const has = async () => (await runCommand(python, ['-c', 'import opentelemetry.sdk, schemathesis'])).code === 0;
  const works = existsSync(python) && (await runCommand(python, ['-m', 'pip', '--version'])).code === 0;
  if (works && (await has())) return python;
  // What is there already stays: somebody may be using it.
  let made = works ? { code: 0, output: '' } : await runCommand('python3', ['-m', 'venv', '--clear', folder]);
  if (made.code !== 0 && process.env.CI === 'true' && canInstallPackages()) {
    await installPackages([['python3', 'python3-venv', 'python3-pip']]);
    made = await runCommand('python3', ['-m', 'venv', '--clear', folder]);
  }
  if (made.code !== 0) {
    throw new CannotError('There is no Python with venv: as root on Debian, "apt-get install python3-venv".');
  }
  const installed = await runCommand(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ...packages,
  ]);
  if (installed.code !== 0) {
    throw new CannotError(`pip could not install ${packages.join(' ')}: ${lastLines(installed.output, 3)}`);
  }
  return python;
}
