import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scenario } from '../fixture-server/world.ts';
import { cannotRun, paths, type Site, settled, startSite } from './site.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-pages-'));
let site: Site;

describe.skipIf(cannotRun)('every page', () => {
  beforeAll(async () => {
    site = await startSite(folder);
  });
  afterAll(async () => {
    await site?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // One page for each scheme: what a browser has cached need not be loaded again for every test.
  const opened = new Map<boolean, Awaited<ReturnType<Site['open']>>>();
  async function visit(path: string, scenario: Scenario, dark = false) {
    site.server.scenario = scenario;
    let known = opened.get(dark);
    if (known) {
      known.wrong.length = 0;
      await known.page.goto(`${site.server.url}${path}`);
    } else {
      known = await site.open(path, { dark });
      opened.set(dark, known);
    }
    await settled(known.page);
    return known;
  }

  for (const dark of [false, true]) {
    test.each(paths)(
      `shows data, breaks nothing and has no axe violation: %s ${dark ? 'dark' : 'light'}`,
      async (path) => {
        const { page, wrong } = await visit(path, 'normal', dark);
        await page.waitForSelector('h1');
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`),
        ).toEqual([]);
        expect(wrong).toEqual([]);
      },
    );
  }

  test.each(paths.filter((path) => !path.startsWith('/alerts/') && path !== '/settings'))(
    'says why there is nothing and what to do: %s',
    async (path) => {
      const { page, wrong } = await visit(path, 'empty');
      const text = await page.locator('main').innerText();
      expect(text.trim().length).toBeGreaterThan(40);
      expect(wrong).toEqual([]);
    },
  );

  test.each(paths)('says what failed and offers to try again: %s', async (path) => {
    const { page, wrong } = await visit(path, 'error');
    await page.waitForSelector('[role="alert"] button', { timeout: 15_000 });
    expect(await page.locator('[role="alert"]').first().innerText()).toContain('The store does not answer');
    expect(wrong).toEqual([]);
    site.server.scenario = 'normal';
    await page.locator('[role="alert"] button').first().click();
    await page.waitForFunction(
      () => document.querySelector('[role="alert"] button') === null || document.querySelector('h1') !== null,
    );
  });

  test.each(paths)('shows hostile text as text: %s', async (path) => {
    const { page, wrong } = await visit(path, 'hostile');
    await page.waitForSelector('h1');
    expect(await page.evaluate(() => (window as unknown as { pwnedByText?: number }).pwnedByText)).toBeUndefined();
    expect(await page.locator('a[href^="javascript:" i], main script, main img[src="x"]').count()).toBe(0);
    expect(wrong).toEqual([]);
  });

  test.each(['/', '/traces', '/logs', '/sagas'])('reads on a phone without scrolling sideways: %s', async (path) => {
    site.server.scenario = 'normal';
    const { page } = await site.open(path, { width: 390, height: 844 });
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.context().close();
  });
});
