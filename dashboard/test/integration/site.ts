import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { build } from 'vite';
import { findChromium } from '../../../deploy/bootstrap/chromium.mjs';
import { type FixtureServer, startFixtureServer } from '../fixture-server/server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Site {
  server: FixtureServer;
  browser: Browser;
  /** A page of its own, with everything that went wrong in it gathered. */
  open(path: string, options?: OpenOptions): Promise<{ page: Page; wrong: string[] }>;
  close(): Promise<void>;
}

export interface OpenOptions {
  dark?: boolean;
  width?: number;
  height?: number;
}

/** Whether browser tests can run here; with CI they must. */
export const chromiumFound = findChromium();
export const cannotRun = chromiumFound === undefined && process.env.CI !== 'true';
if (cannotRun) {
  console.warn('cannot run: the dashboard in a browser, there is no Chromium; do "node deploy/bootstrap/chromium.mjs"');
}

/** Builds the pages into a folder of the tests' own and serves them with made-up answers under the collector's policy. */
export async function startSite(folder: string): Promise<Site> {
  if (!chromiumFound) throw new Error('There is no Chromium: run "node deploy/bootstrap/chromium.mjs".');
  await build({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  const server = await startFixtureServer('normal', { pages: folder });
  const browser = await chromium.launch({
    executablePath: chromiumFound.executablePath,
    args: [...chromiumFound.args],
  });
  return {
    server,
    browser,
    open: async (path, options = {}) => {
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
        colorScheme: options.dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const wrong: string[] = [];
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('console', (message) => {
        // A refused answer is what some tests ask for; the browser logs each.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          wrong.push(message.text());
      });
      await page.goto(`${server.url}${path}`);
      return { page, wrong };
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** Every page, with one thing of each kind. */
export const paths: readonly string[] = [
  '/',
  '/map',
  '/services',
  '/services/billing',
  '/traces',
  `/traces/${'ef'.repeat(16)}`,
  '/logs',
  '/sagas?name=lend-a-book',
  '/sagas/loan-1034',
  '/breakers',
  '/metrics?name=loans.completed&by=branch',
  '/checks',
  '/checks/borrow-a-book',
  '/alerts',
  '/alerts/a1',
  '/settings',
  '/settings/dead-letters?letter=r-1000',
  '/welcome',
];

/** Waits until nothing is being loaded: no skeleton stands there and no chunk is missing. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('h1, [role="status"] p, [role="alert"]', { timeout: 15_000 });
  await page.waitForFunction(() => document.querySelector('[aria-label$="are being loaded"]') === null, undefined, {
    timeout: 15_000,
  });
}
