import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installElasticsearch, type RunningElasticsearch, startElasticsearch } from '../../bootstrap/elasticsearch.mjs';
import { providePython } from '../../bootstrap/python.mjs';
import { type RunningCollector, startCollector } from './running-collector.js';
import { eventually } from './running-shop.js';

const run = promisify(execFile);
const clinic = fileURLToPath(new URL('../fixtures/clinic', import.meta.url));
const synthetic = fileURLToPath(new URL('../../../synthetic/dist/cli.js', import.meta.url));
const ADMISSIONS = 20;

const absent = (error: Error): string => error.message;
const noPython = await providePython().then(() => '', absent);
const noElasticsearch = await installElasticsearch().then(() => '', absent);

interface Done {
  completed: string[];
  compensated: string[];
  stuck: string[];
  traces: string[];
}

// A clinic that reports with the unmodified OpenTelemetry SDK of Python: nothing of Orrery was changed for it.
describe.each(['duckdb', 'elasticsearch'] as const)('a second system on %s', (store) => {
  const cannot = noPython || (store === 'elasticsearch' ? noElasticsearch : '');
  let elasticsearch: RunningElasticsearch | undefined;
  let folder: string;
  let collector: RunningCollector;
  let done: Done;

  beforeAll(async () => {
    if (cannot) return;
    folder = await mkdtemp(join(tmpdir(), 'orrery-clinic-'));
    const args = [`--store`, store];
    if (store === 'elasticsearch') {
      elasticsearch = await startElasticsearch({ dataDir: join(folder, 'elasticsearch') });
      args.push('--elasticsearch-url', elasticsearch.url);
    }
    collector = await startCollector(args, { cwd: clinic });
    const { stdout } = await run(await providePython(), [
      join(clinic, 'clinic.py'),
      collector.otlp,
      String(ADMISSIONS),
    ]);
    done = JSON.parse(stdout) as Done;
    await eventually(
      () => collector.get<{ sagas: unknown[] }>('/sagas?name=admit%20patient'),
      ({ sagas }) => sagas.length === ADMISSIONS,
    );
    // Billing shuts down last, so its batch comes last.
    await eventually(
      () => collector.get<{ services: { service: string; requests: number }[] }>('/services'),
      ({ services }) =>
        services.some(({ service, requests }) => service === 'billing' && requests === 2 * done.completed.length),
    );
    await eventually(
      () => collector.get<{ counts: Record<string, number> }>('/sagas?name=welcome%20patient'),
      ({ counts }) => counts['completed'] === done.completed.length,
    );
  }, 180_000);

  afterAll(async () => {
    await collector?.stop();
    await elasticsearch?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test.skipIf(cannot)('shows its services with every request counted once', async () => {
    const { services } = await collector.get<{ services: { service: string; requests: number; errors: number }[] }>(
      '/services',
    );
    const of = (name: string) => services.find(({ service }) => service === name);
    expect(of('front-desk')).toMatchObject({
      requests: ADMISSIONS,
      errors: 0,
      language: 'python',
      versions: ['4.2.0'],
    });
    expect(of('wards')?.requests).toBe(ADMISSIONS + done.compensated.length);
    expect(of('billing')?.requests).toBe(2 * done.completed.length);
    expect(of('laboratory')?.errors).toBeGreaterThanOrEqual(4);
  });

  test.skipIf(cannot)('draws its map from client and server spans that never heard of each other', async () => {
    const expected = [
      'caller:outside sync service:front-desk',
      'service:front-desk sync service:wards',
      'service:wards sync service:laboratory',
      'service:front-desk sync service:billing',
      'service:wards database database:clinic',
      'service:front-desk async topic:admitted',
      'topic:admitted async service:billing',
    ];
    // Services and edges become visible each in its own time on Elasticsearch.
    const drawn = await eventually(
      async () => {
        const { edges } = await collector.get<{ edges: { source: string; target: string; kind: string }[] }>('/map');
        return edges.map(({ source, target, kind }) => `${source} ${kind} ${target}`);
      },
      (edges) => expected.every((edge) => edges.includes(edge)),
    );
    expect(drawn).toEqual(expect.arrayContaining(expected));
    expect(drawn.filter((edge) => edge.includes('external:'))).toEqual([]);
  });

  test.skipIf(cannot)('finds its traces by attribute and shows one with its logs', async () => {
    const query = encodeURIComponent('patient.id:patient-3 kind:server');
    // Elasticsearch shows summaries, spans and lines each in their own time.
    const { traces } = await eventually(
      () => collector.get<{ traces: { trace_id: string }[] }>(`/traces?q=${query}`),
      (found) => found.traces.length > 0,
    );
    expect(traces.map(({ trace_id }) => trace_id)).toEqual([done.traces[3]]);
    const trace = await eventually(
      () => collector.get<{ services: string[]; orphans: number }>(`/traces/${done.traces[3]}`),
      ({ services }) => services.length >= 4,
    );
    expect(trace.services.toSorted()).toEqual(['billing', 'front-desk', 'laboratory', 'wards']);
    expect(trace.orphans).toBe(0);
    const { logs } = await eventually(
      () => collector.get<{ logs: { service: string }[] }>(`/traces/${done.traces[3]}/logs`),
      (found) => found.logs.length >= 3,
    );
    expect(logs.map(({ service }) => service).toSorted()).toEqual(['billing', 'laboratory', 'wards']);
  });

  test.skipIf(cannot)('searches its logs and counts them by severity', async () => {
    const { severities } = await collector.get<{ severities: Record<string, number[]> }>(
      '/logs/histogram?q=service:laboratory',
    );
    expect(Object.keys(severities).toSorted()).toEqual(['error', 'info']);
    const { logs } = await collector.get<{ logs: { body: string }[] }>(
      `/logs?q=${encodeURIComponent('severity>=error refused')}`,
    );
    expect(logs[0]?.body).toBe('POST /samples: refused');
  });

  test.skipIf(cannot)('lists and charts its metrics', async () => {
    const { metrics } = await collector.get<{ metrics: { name: string; unit: string }[] }>('/metrics?search=clinic');
    expect(metrics.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      'clinic.beds.free {bed}',
      'clinic.waiting.time s',
    ]);
    const asked = { name: 'clinic.waiting.time', aggregate: 'p95', group_by: ['ward'] };
    const { series } = await collector.post<{ series: { key: string[]; points: (number | null)[] }[] }>(
      '/metrics/query',
      asked,
    );
    expect(series[0]?.key).toEqual(['north']);
    expect(Math.max(...(series[0]?.points.filter((point) => point !== null) ?? []))).toBeGreaterThan(1);
  });

  test.skipIf(cannot)('projects its sagas, the one that no service knows to be one too', async () => {
    const { sagas } = await collector.get<{ sagas: { saga_id: string; state: string; stuck: boolean }[] }>(
      '/sagas?name=admit%20patient',
    );
    const inState = (state: string) => sagas.filter((saga) => saga.state === state).map(({ saga_id }) => saga_id);
    expect(inState('completed').toSorted()).toEqual(done.completed.toSorted());
    expect(inState('compensated').toSorted()).toEqual(done.compensated.toSorted());
    expect(inState('running')).toEqual(done.stuck);
    const [compensated] = done.compensated;
    const detail = await collector.get<{ attempts: { step: string; kind: string; compensates: string | null }[] }>(
      `/sagas/${compensated}`,
    );
    expect(detail.attempts.find(({ kind }) => kind === 'compensation')).toMatchObject({
      step: 'free bed',
      compensates: 'assign bed',
    });
    const welcome = await collector.get<{ counts: Record<string, number> }>('/sagas?name=welcome%20patient');
    expect(welcome.counts['completed']).toBe(done.completed.length);
  });

  test.skipIf(cannot)('shows its breaker with every transition', async () => {
    const { breakers, transitions } = await collector.get<{
      breakers: { name: string; service: string; state: string; calls: Record<string, number> }[];
      transitions: { state: string }[];
    }>('/breakers');
    expect(breakers).toMatchObject([{ name: 'laboratory', service: 'wards', state: 'closed', library: 'pybreaker' }]);
    expect(transitions.filter(({ state }) => state === 'open').length).toBeGreaterThanOrEqual(2);
  });

  test.skipIf(cannot)('answers an expectation that holds and one that does not, in words', async () => {
    await eventually(
      () => collector.get<{ sagas: { stuck: boolean }[] }>('/sagas?name=admit%20patient&state=stuck'),
      ({ sagas }) => sagas.length === 1,
    );
    const args = [
      synthetic,
      'run',
      join(clinic, 'expectations'),
      '--api',
      collector.ui,
      '--otlp',
      collector.otlp,
      '--json',
    ];
    const { stdout, code } = await run(process.execPath, args).then(
      (result) => ({ ...result, code: 0 }),
      (error: { stdout: string; code: number }) => error,
    );
    expect(code).toBe(1);
    expect(stdout).toContain('admissions-flow');
    expect(stdout).toMatch(/none-stuck/);
    expect(stdout).toContain(done.stuck[0]);
  });
});
