import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startCollector } from './running-collector.js';
import { eventually } from './running-shop.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const register = at('../../../agent/dist/register.cjs');

test.each(['22', '24'])('runs on Node %s: collector, and a service with the agent preloaded', async (version) => {
  const node = at(`../../node_modules/node-${version}/bin/node`);
  const collector = await startCollector([], { node });
  const service = fork(at('../fixtures/hello.mjs'), {
    execPath: node,
    execArgv: ['--require', register],
    env: { OTEL_SERVICE_NAME: 'hello', OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlp },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  try {
    const [port] = (await once(service, 'message')) as [number];
    const answer = await fetch(`http://127.0.0.1:${port}/hello/you`, { headers: { 'x-correlation-id': 'n1' } });
    expect(await answer.text()).toBe('hello inner');
    const { logs } = await eventually(
      () => collector.get<{ logs: { body: string; trace_id: string }[] }>('/logs?q=correlation_id:n1'),
      (found) => found.logs.length === 1,
    );
    expect(logs[0]?.body).toContain(`hello from v${version}`);
    const { columns } = await eventually(
      () => collector.get<{ columns: { kind: string[] } }>(`/traces/${logs[0]?.trace_id}`),
      (trace) => trace.columns.kind.length === 3,
    );
    expect(columns.kind).toEqual(['server', 'client', 'server']);
  } finally {
    const ended = once(service, 'exit');
    service.kill('SIGTERM');
    await ended;
    await collector.stop();
  }
});
