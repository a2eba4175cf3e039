import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckRun } from '@orrery/collector/api';
import { chromium } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChromiumLaunch, provideChromium } from '../../../deploy/bootstrap/chromium.mjs';
import { junitXml } from '../../src/report/junit.js';
import { CollectorStandIn } from './support/collector-stand-in.js';
import { type Library, startLibrary, startRunner } from './support/processes.js';

// Where there is no browser and none can be installed, this says what would provide one.
const browser = await provideChromium().catch((error: Error) => error);
const missing = browser instanceof Error;
if (missing && process.env['CI'] === 'true') throw browser;
if (missing) console.warn(`skipped, cannot run: ${browser.message}`);

let library: Library;
let collector: CollectorStandIn;
let elsewhere: Server;
const foreign: Record<string, unknown>[] = [];
let folder: string;
beforeAll(async () => {
  library = await startLibrary();
  collector = await new CollectorStandIn().start();
  elsewhere = createServer((request, response) => {
    foreign.push(request.headers);
    response.end('ok');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await library.stop();
  await collector.stop();
  await new Promise((resolve) => elsewhere.close(resolve));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-browser-'));
  await library.mood('well');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const journey = (body: string, more = '') => `
import { journey } from '@orrery/synthetic';
export default journey(
  { name: 'search', title: 'A reader finds a book', every: '30s', base: 'http://127.0.0.1:1', timeout: '8s'${more} },
  async ({ page, step, expect, base, variable }) => {
    ${body}
  },
);
`;
const search = `
    await step('Open the library', async () => {
      await page.goto(base + '/?elsewhere=' + encodeURIComponent(variable('elsewhere')));
      await expect(page.getByRole('heading')).toHaveText('Library');
    });
    await step('Search', async () => {
      await page.getByRole('searchbox').fill('orrery');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('listitem')).toHaveText('Orrery', { timeout: 2000 });
    });`;

async function run(text: string, env: Record<string, string> = {}) {
  await writeFile(join(folder, 'search.journey.ts'), text);
  const foreignUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  const variables = ['--var', `base=${library.url}`, '--var', `elsewhere=${foreignUrl}`];
  const where = ['--api', collector.url, '--otlp', collector.url, '--artifacts', join(folder, 'artifacts')];
  const runner = startRunner(['run', folder, '--json', ...where, ...variables], env);
  const code = await runner.ended;
  const output = runner.output();
  const { runs } = JSON.parse(output) as { runs: { run: unknown }[] };
  return { code, output, run: CheckRun.parse(runs[0]?.run) };
}

describe('a browser without Chromium', () => {
  it('says that it cannot run and what to do, and fails nobody else', async () => {
    const { run: report } = await run(journey(search), { ORRERY_CHROMIUM: '/nowhere/chromium' });
    expect(report.verdict).toBe('cannot_run');
    expect(report.sentence).toContain('no Chromium at ORRERY_CHROMIUM=/nowhere/chromium');
  });
});

describe.skipIf(missing)('a journey in a real browser', () => {
  it('is one trace: steps below the root, first-party requests below the steps, others left alone', async () => {
    const { code, output, run: report } = await run(journey(search));
    expect(code, output).toBe(0);
    expect(report.steps).toMatchObject([
      { name: 'Open the library', outcome: 'pass' },
      { name: 'Search', outcome: 'pass' },
    ]);
    const spans = collector.state.spans.filter(({ traceId }) => traceId === report.trace_id);
    const byName = (name: string) => spans.find((span) => span.name === name);
    expect(byName('Search')?.parentSpanId).toBe(byName('check search')?.spanId);
    const books = spans.find(({ attributes }) => String(attributes['url.full']).includes('/books'));
    expect(books?.parentSpanId).toBe(byName('Search')?.spanId);
    expect(spans.every(({ attributes }) => attributes['synthetic.run'] === report.run_id)).toBe(true);

    const heard = (await library.heard()).filter(({ headers }) => headers['x-correlation-id'] === report.run_id);
    expect(heard.map(({ path }) => path)).toEqual(expect.arrayContaining(['/', '/logo.svg', '/books']));
    expect(heard.find(({ path }) => path === '/books')?.headers['traceparent']).toBe(
      `00-${report.trace_id}-${books?.spanId}-01`,
    );
    expect(heard[0]?.headers['baggage']).toContain('synthetic.check=search');

    expect(foreign.length).toBeGreaterThan(0);
    for (const headers of foreign) {
      expect(headers).not.toHaveProperty('traceparent');
      expect(headers).not.toHaveProperty('baggage');
      expect(headers).not.toHaveProperty('x-correlation-id');
    }
  });

  it('brings the screenshot of the failed step, what the console said and which requests failed', async () => {
    await library.mood('ill');
    const { code, run: report } = await run(journey(search));
    expect(code).toBe(1);
    expect(report.sentence).toMatch(/^Step "Search" failed: .*toHaveText/);
    expect(report.steps[1]).toMatchObject({
      name: 'Search',
      outcome: 'fail',
      artifact: expect.stringMatching(/\.png$/),
    });
    expect(report.details['console_errors']).toEqual(expect.arrayContaining(['the search failed with 503']));
    expect(report.details['failed_requests']).toEqual([expect.stringMatching(/GET .*\/books.*: 503$/)]);
  });

  it('ends a journey that takes too long, and says in which step it was', async () => {
    const { code, run: report } = await run(
      journey("await step('Wait for ever', () => new Promise(() => {}));").replace("'8s'", "'1500ms'"),
    );
    expect(code).toBe(1);
    expect(report.sentence).toBe('Step "Wait for ever" failed: did not finish within 1.5 s');
    expect(report.duration_ms).toBeLessThan(6000);
  });

  it('gives each run a context of its own', async () => {
    const body = `
    await step('No cookie of an earlier try', async () => {
      await page.goto(base);
      expect(await page.evaluate(() => document.cookie)).toBe('');
      await page.evaluate(() => { document.cookie = 'seen=1'; });
      throw new Error('once more');
    });`;
    const { run: report } = await run(journey(body, ", retry: { attempts: 2, delay: '10ms' }"));
    expect(report.attempts).toBe(2);
    expect(report.sentence).toContain('once more');
  });

  it('writes JUnit that an XML parser accepts, hostile texts included', async () => {
    const report = CheckRun.parse({
      run_id: '1',
      check: 'a',
      started: '1',
      duration_ms: 5,
      verdict: 'fail',
      sentence: 'broken "<&>" \u0000\u001b ]]> \ud800 ✓ 🪐',
      steps: [{ name: '<b>', outcome: 'fail', duration_ms: 1, error: '&amp; \u0008' }],
    });
    const runs = [
      { file: 'a.yaml', title: 'A\n"b"\t<c>', run: report },
      { file: 'b.yaml', title: 'B', run: { ...report, verdict: 'cannot_run' as const } },
      { file: 'c.yaml', title: 'C', run: { ...report, verdict: 'pass' as const } },
    ];
    const broken = [{ file: 'd.yaml', name: 'd', faults: [{ path: 'x', message: 'is <bad>.', line: 1 }] }];
    const xml = junitXml({ started: 0, duration_ms: 1, broken, runs });
    const { executablePath, args } = browser as ChromiumLaunch;
    const instance = await chromium.launch({ executablePath, args });
    try {
      const page = await instance.newPage();
      const read = await page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, 'text/xml');
        const suite = parsed.querySelector('testsuite');
        return {
          error: parsed.querySelector('parsererror')?.textContent ?? null,
          figures: ['tests', 'failures', 'errors', 'skipped'].map((name) => suite?.getAttribute(name)),
          names: [...parsed.querySelectorAll('testcase')].map((one) => one.getAttribute('name')),
        };
      }, xml);
      expect(read).toEqual({ error: null, figures: ['4', '1', '1', '1'], names: ['A\n"b"\t<c>', 'B', 'C', 'd'] });
    } finally {
      await instance.close();
    }
  });
});
