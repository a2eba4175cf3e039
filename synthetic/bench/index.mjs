/**
 * What the runner costs: HTTP checks per CPU-second, and what a browser check takes in a warm browser.
 * Run after a build: `npm run bench -- synthetic`. Figures are of the runner's process alone; the target is another.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { HttpCheckFile } from '../dist/check/http-check.js';
import { runCheck } from '../dist/judge/run-check.js';
import { browserProbe } from '../dist/probe/browser/browser-probe.js';
import { findChromium } from '../dist/probe/browser/find-chromium.js';
import { WarmBrowser } from '../dist/probe/browser/warm-browser.js';
import { startTelemetry } from '../dist/report/telemetry.js';
import { Lane } from '../dist/schedule/lane.js';

const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const library = fork(fileURLToPath(new URL('../test/integration/support/library.mjs', import.meta.url)), ['0']);
const [{ port }] = await once(library, 'message');
const base = `http://127.0.0.1:${port}`;
const source = { overrides: {}, env: process.env };
const telemetry = startTelemetry('http://127.0.0.1:9');
const browser = new WarmBrowser(() => findChromium(process.env));
const parts = {
  tracer: telemetry.tracer,
  location: 'bench',
  variables: source,
  mask: (text) => text,
  artifacts: () => Promise.resolve(null),
  browser: browserProbe(browser),
  expectation: () => Promise.reject(new Error('none here')),
};
const never = new AbortController().signal;

function httpCheck(steps) {
  const request = { url: `${base}/books` };
  const expect = { status: 200, json: [{ path: '$.books[0].id', equals: 7 }] };
  const file = {
    name: 'bench',
    title: 'Bench',
    every: '1s',
    steps: Array.from({ length: steps }, (_, i) => ({ name: `${i}`, request, expect })),
  };
  return { kind: 'http', file: 'bench', ...HttpCheckFile.parse(file) };
}

/** What undici itself takes for one request on a fresh connection: nothing on top of it can be faster. */
async function bareRequest() {
  const agent = new Agent();
  const { body } = await request(`${base}/books`, { dispatcher: agent });
  await body.text();
  await agent.destroy();
  return { verdict: 'pass' };
}

async function perCpuSecond(what, task) {
  const lane = new Lane(10);
  for (let warm = 0; warm < 200; warm += 1) await task();
  const cpu = process.cpuUsage();
  const began = performance.now();
  let done = 0;
  let failed = 0;
  const loop = async () => {
    while (performance.now() - began < seconds * 1000) {
      const run = await lane.run(task);
      done += 1;
      if (run.verdict !== 'pass') failed += 1;
    }
  };
  await Promise.all(Array.from({ length: 10 }, loop));
  const used = process.cpuUsage(cpu);
  const cpuSeconds = (used.user + used.system) / 1e6;
  const wall = (performance.now() - began) / 1000;
  console.log(
    `${what}: ${Math.round(done / cpuSeconds)} per CPU-second, ${Math.round(done / wall)}/s on the wall, ${failed} failed`,
  );
  return done / cpuSeconds;
}

async function warmBrowser() {
  const found = findChromium(process.env);
  if ('missing' in found) {
    console.log(`browser check: cannot run, ${found.missing}`);
    return;
  }
  const check = {
    kind: 'browser',
    file: 'bench',
    name: 'bench',
    title: 'Bench',
    base,
    variables: {},
    first_party: [],
    timeout: 30_000,
    retry: { attempts: 1, delay: 0, factor: 1 },
    viewport: { width: 1280, height: 800 },
    body: async ({ page, step, expect }) => {
      await step('Open', () => page.goto(base));
      await step('Search', async () => {
        await page.getByRole('searchbox').fill('orrery');
        await page.keyboard.press('Enter');
        await expect(page.getByRole('listitem')).toHaveText('Orrery');
      });
    },
  };
  const cold = performance.now();
  await runCheck(check, parts, never);
  console.log(`browser check, cold: ${Math.round(performance.now() - cold)} ms`);
  const times = [];
  for (let i = 0; i < 30; i += 1) {
    const began = performance.now();
    const { verdict } = await runCheck(check, parts, never);
    if (verdict === 'pass') times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  console.log(
    `browser check, warm browser and fresh context: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, ${times.length} of 30 passed`,
  );
}

const bare = await perCpuSecond('bare undici, one request on a fresh connection', bareRequest);
const [short, long] = [httpCheck(1), httpCheck(3)];
const one = await perCpuSecond('HTTP check of 1 step, fresh connection', () => runCheck(short, parts, never));
await perCpuSecond('HTTP check of 3 steps, fresh connection', () => runCheck(long, parts, never));
console.log(`a check costs ${(bare / one).toFixed(1)} times the bare request`);
await warmBrowser();
await browser.close();
await telemetry.stop();
library.disconnect();
process.exit(0);
