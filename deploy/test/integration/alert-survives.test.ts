import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPagerDuty, startWebhook } from './page-sinks.js';
import { startCollector } from './running-collector.js';
import { type RunningRunner, startRunner } from './running-runner.js';
import { eventually } from './running-shop.js';

interface Alert {
  id: string;
  state: string;
  fired_at: string | null;
  notifications: { outcome: string }[];
}

test('a firing alert is still known after collector and runner were killed, and resolves once', async () => {
  let well = false;
  const desk = createServer((_request, response) => response.writeHead(well ? 200 : 500).end());
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const deskUrl = `http://127.0.0.1:${(desk.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), 'orrery-alert-'));
  const [webhook, pagerDuty] = await Promise.all([startWebhook(), startPagerDuty()]);
  const config = join(folder, 'orrery.yaml');
  await writeFile(
    config,
    JSON.stringify({
      notify: {
        team: { type: 'webhook', url: webhook.url },
        oncall: { type: 'pagerduty', url: pagerDuty.url, routing_key: 'k'.repeat(32) },
      },
    }),
  );
  const check = {
    name: 'desk',
    title: 'The desk answers',
    every: '1s',
    severity: 'page',
    alert: { fail_streak: 2, pass_streak: 2 },
    steps: [{ name: 'Ask', request: { url: deskUrl } }],
  };
  await writeFile(join(folder, 'desk.check.yaml'), JSON.stringify(check));
  const dataDir = join(folder, 'data');
  let collector = await startCollector(['--config', config], { dataDir });
  const watch = (): RunningRunner =>
    startRunner([
      `--api=${collector.ui}`,
      `--otlp=${collector.otlp}`,
      `--config=${config}`,
      `--checks=${folder}`,
      `--expectations=${folder}`,
    ]);
  let runner = watch();
  const alerts = async () => (await collector.get<{ alerts: Alert[] }>('/alerts')).alerts;
  const pages = async () => webhook.pages.length + pagerDuty.pages.length;
  try {
    await eventually(pages, (count) => count === 2);
    // A page of which nobody wrote down that it was sent is sent again: kill only after that.
    await eventually(alerts, ([alert]) => alert?.notifications.every(({ outcome }) => outcome === 'sent') ?? false);
    const [before] = await alerts();
    expect(before).toMatchObject({ state: 'firing' });

    await Promise.all([runner.end('SIGKILL'), collector.kill()]);
    well = true;
    collector = await startCollector(['--config', config], { dataDir, basePort: collector.basePort });
    expect(await alerts()).toMatchObject([{ id: before?.id, state: 'firing', fired_at: before?.fired_at }]);

    runner = watch();
    await eventually(alerts, ([alert]) => alert?.state === 'resolved');
    await eventually(pages, (count) => count >= 4);
    const runs = async () => (await collector.get<{ runs: unknown[] }>('/checks/desk')).runs.length;
    const now = await runs();
    await eventually(runs, (count) => count >= now + 3);
    expect(webhook.pages.map(({ kind }) => kind)).toEqual(['firing', 'resolved']);
    expect(pagerDuty.pages.map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
    expect(new Set(pagerDuty.pages.map(({ dedup_key }) => dedup_key)).size).toBe(1);
  } finally {
    await runner.end('SIGKILL');
    await collector.stop();
    await Promise.all([webhook.stop(), pagerDuty.stop()]);
    desk.closeAllConnections();
    desk.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
