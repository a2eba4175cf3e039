import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../../bootstrap/chromium.mjs';
import { agentRegister } from '../../bootstrap/demo.mjs';
import { startElasticsearch } from '../../bootstrap/elasticsearch.mjs';
import { type PagerDutyEvent, type PageSink, startPagerDuty, startWebhook, type WebhookPage } from './page-sinks.js';
import { type RunningCollector, startCollector } from './running-collector.js';
import { type RunningRunner, startRunner } from './running-runner.js';
import { openShop, type RunningShop } from './running-shop.js';

const demo = fileURLToPath(new URL('../../demo', import.meta.url));

/** The demo shop with agents, a collector, and a runner that pages two sinks; no customers, and weather only when asked for. */
export interface WatchedShop {
  readonly shop: RunningShop;
  readonly collector: RunningCollector;
  readonly webhook: PageSink<WebhookPage>;
  readonly pagerDuty: PageSink<PagerDutyEvent>;
  /** Starts the shop's own checks, and the named expectation of the shop, asked every second. */
  watch(expectation: string): Promise<RunningRunner>;
  stop(): Promise<void>;
}

export async function openWatchedShop(store: 'duckdb' | 'elasticsearch'): Promise<WatchedShop> {
  const folder = await mkdtemp(join(tmpdir(), 'orrery-watched-'));
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const one of stops.toReversed()) await one();
  };
  try {
    const webhook = await startWebhook();
    stops.push(webhook.stop);
    const pagerDuty = await startPagerDuty();
    stops.push(pagerDuty.stop);
    const config = join(folder, 'orrery.yaml');
    await writeFile(
      config,
      JSON.stringify({
        sagas: [join(demo, 'sagas')],
        notify: {
          team: { type: 'webhook', url: webhook.url },
          oncall: { type: 'pagerduty', url: `${pagerDuty.url}/v2/enqueue`, routing_key: 'k'.repeat(32) },
        },
      }),
    );
    const args = ['--config', config, '--store', store];
    if (store === 'elasticsearch') {
      const elasticsearch = await startElasticsearch({ dataDir: join(folder, 'elasticsearch') });
      stops.push(elasticsearch.stop);
      args.push('--elasticsearch-url', elasticsearch.url);
    }
    const collector = await startCollector(args);
    stops.push(collector.stop);
    const shop = await openShop({
      agent: agentRegister,
      // Longer than a saga may stand still, so that it is stuck for a while before it is given up.
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlp, ORDER_PATIENCE_SECONDS: '40' },
    });
    stops.push(shop.stop);
    return {
      shop,
      collector,
      webhook,
      pagerDuty,
      stop,
      async watch(expectation) {
        const file = `${expectation}.expectation.yaml`;
        const text = await readFile(join(demo, 'expectations', file), 'utf8');
        await writeFile(join(folder, file), text.replace(/^every: .*$/m, 'every: 1s'));
        const chromium = findChromium();
        const runner = startRunner(
          [
            `--api=${collector.ui}`,
            `--otlp=${collector.otlp}`,
            `--config=${config}`,
            `--checks=${join(demo, 'checks')}`,
            `--expectations=${join(folder, file)}`,
          ],
          { ORRERY_VAR_SHOP: shop.url, ...(chromium ? { ORRERY_CHROMIUM: chromium.executablePath } : {}) },
        );
        stops.push(() => runner.end('SIGTERM'));
        return runner;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
