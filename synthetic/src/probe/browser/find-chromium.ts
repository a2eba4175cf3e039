import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

/** How to start the browser; or, in words, why there is none and what to do. */
export type ChromiumFound =
  | { readonly executablePath: string; readonly args: readonly string[] }
  | { readonly missing: string };

/** The browser calls nobody on its own. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `ORRERY_CHROMIUM`, else Playwright's Chromium, else the system's. */
export function findChromium(env: Readonly<Record<string, string | undefined>>): ChromiumFound {
  // Chromium's sandbox refuses to run as root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
  const asked = env['ORRERY_CHROMIUM'];
  if (asked) {
    if (isExecutable(asked)) return { executablePath: asked, args };
    return { missing: `no Chromium at ORRERY_CHROMIUM=${asked}: set it to the path of a Chromium` };
  }
  const system = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap((name) =>
    (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)),
  );
  const executablePath = [playwrightPath(), ...system].find((path) => path !== undefined && isExecutable(path));
  if (executablePath !== undefined) return { executablePath, args };
  return {
    missing:
      'no Chromium: do "npx playwright install chromium" in the synthetic package or, on Debian, "apt-get install chromium", or set ORRERY_CHROMIUM to its path',
  };
}

function playwrightPath(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
