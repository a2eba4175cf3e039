import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { controlServer } from './supervisor/control.mjs';
import { forecasts } from './supervisor/forecast.mjs';
import { controlOffset, defaultBasePort, urlsFrom } from './supervisor/services.mjs';
import { shopProcesses } from './supervisor/shop-processes.mjs';
import { weather } from './supervisor/weather.mjs';

/**
 * The shop's supervisor: starts the services, keeps them running, and makes the weather.
 * It prints `shop is open` once everything answers.
 */
const { values } = parseArgs({
  options: {
    agent: { type: 'string' },
    'base-port': { type: 'string', default: String(defaultBasePort) },
    'log-dir': { type: 'string', default: join(process.cwd(), '.orrery', 'demo') },
    seed: { type: 'string', default: '7' },
    'no-load': { type: 'boolean', default: false },
    'no-weather': { type: 'boolean', default: false },
  },
});
const basePort = Number(values['base-port']);
const urls = urlsFrom(basePort);
/** @param {string} line */
const report = (line) => console.log(line);
const shop = shopProcesses({
  basePort,
  agent: values.agent,
  logDir: values['log-dir'],
  load: !values['no-load'],
  report,
});
const sky = weather({ shop, urls, report });
const control = controlServer({ port: basePort + controlOffset, shop, sky });

let closing = false;
async function close() {
  if (closing) return;
  closing = true;
  control.close();
  await shop.close();
  process.exit(0);
}
process.on('SIGTERM', () => void close());
process.on('SIGINT', () => void close());

const silent = await shop.open();
report(silent.length === 0 ? `shop is open: ${urls('gateway')}` : `shop is open, but without ${silent.join(', ')}`);

if (!values['no-weather']) {
  for (const { afterSeconds, kind, seconds } of forecasts(Number(values.seed))) {
    await delay(afterSeconds * 1000);
    if (kind === 'crash') shop.find('payments')?.crash();
    else await sky.begin(kind, seconds).catch((error) => report(`weather: no ${kind} today: ${error.message}`));
  }
}
