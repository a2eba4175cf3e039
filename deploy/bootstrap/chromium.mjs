import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { CannotError, runMain } from './cannot.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { isProgram, root } from './repository.mjs';

/** Arguments that keep a browser quiet on a test machine: it calls nobody on its own. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @type {import('./chromium.d.mts').findChromium} */
export function findChromium() {
  const executablePath = process.env.ORRERY_CHROMIUM ?? playwrightChromium() ?? systemChromium();
  if (executablePath === undefined || !isExecutable(executablePath)) return undefined;
  // Chromium's sandbox refuses to run as root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
  return { executablePath, args };
}

/** @type {import('./chromium.d.mts').provideChromium} */
export async function provideChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.env.CI === 'true' && canInstallPackages()) {
    await installPackages([['chromium'], ['chromium-browser']]);
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new CannotError(
    'There is no Chromium: run "npm exec --yes --package=playwright -- playwright install chromium" or, as root on Debian, "apt-get install chromium", or set ORRERY_CHROMIUM to its path.',
  );
}

/** The browser that `playwright install` downloaded, if Playwright is installed and it did. */
function playwrightChromium() {
  const fromDeploy = createRequire(join(root, 'deploy', 'package.json'));
  try {
    const path = fromDeploy('playwright').chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function systemChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (isProgram(import.meta.url)) {
  await runMain(async () => console.log((await provideChromium()).executablePath));
}
