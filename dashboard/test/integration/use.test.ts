import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cannotRun, type Site, settled, startSite } from './site.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-use-'));
let site: Site;

async function open(path: string): Promise<Page> {
  const { page } = await site.open(path);
  await settled(page);
  return page;
}

const at = (page: Page) => new URL(page.url());

describe.skipIf(cannotRun)('using the dashboard', () => {
  beforeAll(async () => {
    site = await startSite(folder);
  });
  afterAll(async () => {
    await site?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('brushing a chart zooms the page in the address, and back undoes it', async () => {
    site.server.scenario = 'normal';
    const page = await open('/traces');
    const chart = page.locator('svg[aria-label="Traces over time"]');
    const box = await chart.boundingBox();
    if (!box) throw new Error('no chart');
    await page.mouse.move(box.x + 100, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 30, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=\d{13}&to=\d{13}|to=\d{13}/);
    await page.goBack();
    expect(at(page).searchParams.get('to')).toBeNull();
    await page.context().close();
  });

  test('a facet narrows the list, and a door to a trace keeps the range', async () => {
    const page = await open('/traces?from=now-1h');
    await page
      .getByRole('navigation', { name: 'Facets' })
      .getByRole('button', { name: /^error/ })
      .first()
      .click();
    await page.waitForURL(/q=status/);
    expect(at(page).searchParams.get('q')).toBe('status:"error"');
    await page.locator('[role="row"] a[href^="/traces/"]').first().click();
    await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
    expect(at(page).searchParams.get('from')).toBe('now-1h');
    expect(at(page).searchParams.get('q')).toBeNull();
    await page.context().close();
  });

  test('the keyboard leads everywhere: g, /, ?, j, Enter, Esc', async () => {
    const page = await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.waitForURL(/\/traces$/);
    await settled(page);
    await page.waitForSelector('[role="row"] a');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
    await page.waitForSelector('[role="treeitem"]');
    await page.keyboard.press('j');
    await page.waitForURL(/span=/);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('span'));
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/traces$/);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.context().close();
  });

  test('an id pasted into the search box goes to its page', async () => {
    const page = await open('/');
    await page.keyboard.press('/');
    await page.keyboard.insertText('ab'.repeat(16));
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/traces/${'ab'.repeat(16)}`));
    await page.context().close();
  });

  test('the live tail adds lines, stands still while one reads, and goes on', async () => {
    const page = await open('/logs?tail=1');
    const rows = page.locator('[role="table"][aria-label="Log lines"]');
    await page.waitForFunction(
      () => Number(document.querySelector('[aria-label="Log lines"]')?.getAttribute('aria-rowcount')) > 30,
    );
    await rows.evaluate((element) => element.scrollTo({ top: 200 }));
    await page.getByText(/Paused: \d+ new lines wait/).waitFor();
    const before = await rows.getAttribute('aria-rowcount');
    expect(await rows.getAttribute('aria-rowcount')).toBe(before);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForFunction(
      (count) =>
        Number(document.querySelector('[aria-label="Log lines"]')?.getAttribute('aria-rowcount')) > Number(count),
      before,
    );
    await page.context().close();
  });

  test('a trace of a hundred thousand spans opens, and only the rows in view exist', async () => {
    site.server.scenario = 'many';
    const page = await open(`/traces/${'ef'.repeat(16)}`);
    await page.waitForSelector('[role="treeitem"]');
    expect(await page.locator('[role="treeitem"]').count()).toBeLessThan(120);
    await page.locator('[role="tree"]').evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await page.waitForFunction(() => (document.querySelector('[role="tree"]')?.scrollTop ?? 0) > 1_000_000);
    await page.waitForSelector('[role="treeitem"]');
    await page.context().close();
    site.server.scenario = 'normal';
  });

  test('the light turns on with the first span', async () => {
    site.server.scenario = 'empty';
    const page = await open('/');
    await page.getByText('Waiting for the first span').waitFor();
    expect(await page.locator('main pre').first().innerText()).toContain(
      'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318',
    );
    site.server.scenario = 'normal';
    await page.getByText('Services', { exact: true }).first().waitFor();
    await page.getByText('worst first').waitFor();
    await page.context().close();
  });

  test('the map opens a part beside it and focuses on its surroundings', async () => {
    const page = await open('/map');
    await page.locator('[data-id="service:billing"]').click();
    await page.getByRole('complementary', { name: 'Details' }).waitFor();
    await page.getByRole('button', { name: 'Only its surroundings' }).click();
    await page.waitForURL(/focus=service/);
    await page.locator('[data-id="external:card-bank"]').waitFor();
    expect(await page.locator('[data-id="service:catalog"]').count()).toBe(0);
    await page.context().close();
  });

  test('the flame graph is gone through by keyboard, selects what is pointed at and scrolls to it', async () => {
    const trace = `/traces/${'ef'.repeat(16)}?tab=flame`;
    const page = await open(trace);
    const flame = page.getByRole('region', { name: 'Flame graph' });
    const canvas = flame.locator('canvas');
    await canvas.waitFor();
    const spanIn = async () => {
      await page.waitForURL(/span=/);
      return at(page).searchParams.get('span');
    };
    // The topmost lane is the root, over the whole width: pointing and the keyboard agree on it.
    await canvas.click({ position: { x: 300, y: 10 } });
    const root = await spanIn();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => at(page).searchParams.get('span')).not.toBe(root);
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => at(page).searchParams.get('span')).toBe(root);
    // The last error is in a lane that has to be scrolled to in a low window.
    await page.setViewportSize({ width: 1280, height: 480 });
    await page.keyboard.press('p');
    await page.keyboard.press('n');
    await page.keyboard.press('n');
    await page.keyboard.press('n');
    await expect.poll(() => flame.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
    await flame.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/view=/);
    await page.context().close();
  });

  test('a trace of a hundred thousand spans is scrolled through in a flame graph of one window', async () => {
    site.server.scenario = 'many';
    const page = await open(`/traces/${'ef'.repeat(16)}?tab=flame`);
    const flame = page.getByRole('region', { name: 'Flame graph' });
    const canvas = flame.locator('canvas');
    await canvas.waitFor();
    const drawn = () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    const first = await drawn();
    expect(await canvas.evaluate((element) => element.clientHeight)).toBeLessThan(900);
    // Its log lines are capped, which stands above whatever is looked at.
    await page.getByText('Cut: it has more log lines than are shown.').waitFor();
    expect(await flame.evaluate((element) => element.scrollHeight)).toBeGreaterThan(100_000);
    await flame.evaluate((element) => {
      element.scrollTop = element.scrollHeight / 2;
    });
    await expect.poll(async () => (await drawn()) !== first).toBe(true);
    site.server.scenario = 'normal';
    await page.context().close();
  });

  test('a capped metric says so where it is listed, charted and split, and its sender is found from it', async () => {
    const page = await open('/metrics?name=loans.completed&by=branch');
    await page.getByText('beyond the cap').waitFor();
    expect(await page.getByRole('table', { name: 'Series' }).innerText()).toMatch(/north[^]*south[^]*overflow/);
    await page.getByRole('link', { name: 'Which cap, and what helps' }).click();
    const limits = page.getByRole('table', { name: 'Limits that senders reached' });
    await limits.waitFor();
    expect(await limits.innerText()).toMatch(
      /gateway\s+loans\.completed: more than 2.000 series[^]*ORRERY_METRIC_SERIES/,
    );
    expect(await limits.innerText()).toMatch(/billing\s+\d+ spans lost/);
    expect(await page.getByRole('table', { name: 'Senders', exact: true }).innerText()).toContain('1 metric capped');
    await page.context().close();
  });

  test('light and dark are remembered and set before the first paint', async () => {
    const page = await open('/');
    await page.getByRole('button', { name: 'Light or dark' }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await page.reload({ waitUntil: 'commit' });
    await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === 'dark');
    await page.context().close();
  });

  test('what is drawn on a canvas takes the colours of the scheme that is chosen while it is open', async () => {
    const page = await open(`/traces/${'ef'.repeat(16)}?tab=flame`);
    const drawn = () =>
      page.locator('canvas').evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
    await page.locator('canvas').first().waitFor();
    await page.waitForFunction(() => document.querySelectorAll('canvas').length > 0);
    const light = await drawn();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === 'dark');
    await expect.poll(async () => (await drawn()).every((picture, at) => picture !== light[at])).toBe(true);
    await page.context().close();
  });
});
