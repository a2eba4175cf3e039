import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright';
import { provideChromium } from '../../deploy/bootstrap/chromium.mjs';

// node bench/index.mjs [url]: JavaScript that the first page needs, and its largest contentful paint on a running Orrery.
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const html = readFileSync(`${dist}index.html`, 'utf8');
const entry = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
const overview = readdirSync(`${dist}assets`).find((name) => /^OverviewPage-.*\.js$/.test(name));
const needed = new Set([...entry, ...(overview ? [`assets/${overview}`] : [])]);
for (const file of needed) {
  for (const match of readFileSync(dist + file, 'utf8').matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    needed.add(`assets/${match[1]}`);
}
const bytes = [...needed].reduce((sum, file) => sum + gzipSync(readFileSync(dist + file)).length, 0);
console.log(
  `initial JavaScript: ${(bytes / 1024).toFixed(0)} KiB gzip in ${needed.size} files (bar: 400 KiB, aim: 300)`,
);

const url = process.argv[2];
if (url) {
  const { executablePath, args } = await provideChromium();
  const browser = await chromium.launch({ executablePath, args: [...args] });
  const paints = [];
  for (let run = 0; run < 5; run += 1) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(() => {
      new PerformanceObserver((list) => {
        window.largestPaint = list.getEntries().at(-1)?.startTime;
      }).observe({ type: 'largest-contentful-paint', buffered: true });
    });
    await page.goto(url, { waitUntil: 'load' });
    await page.waitForSelector('h1');
    await page.waitForTimeout(1_500);
    paints.push(await page.evaluate(() => window.largestPaint));
    await page.close();
  }
  await browser.close();
  paints.sort((a, b) => a - b);
  console.log(
    `largest contentful paint of ${url}: median ${paints[2].toFixed(0)} ms of ${paints.map((paint) => paint.toFixed(0)).join(', ')} (bar: 2000 ms)`,
  );
}
