import type {
  AggregateResult,
  FieldList,
  FieldValues,
  LogHistogram,
  MetricList,
  MetricResult,
  SearchResult,
  SystemStatus,
} from '@orrery/collector/api';
import { hostile, nano, randomOf, rangeOf, type Scenario, seedOf, servicesOf, stepsOf, type Window } from './world.ts';

export function logHistogram(scenario: Scenario, window: Window): LogHistogram {
  const { t0_ms, step_ms, count } = stepsOf(window);
  const random = randomOf(t0_ms / step_ms);
  const row = (level: number) =>
    Array.from({ length: count }, (_, i) =>
      Math.max(
        0,
        Math.round(
          level *
            (1 + 0.4 * Math.sin(i / 5) + random() * 0.5) *
            (level < 5 && i > count * 0.6 && i < count * 0.75 ? 6 : 1),
        ),
      ),
    );
  const severities: Record<string, number[]> =
    scenario === 'empty' ? {} : { debug: row(12), info: row(60), warn: row(4), error: row(2) };
  return {
    range: rangeOf(window),
    t0_ms,
    step_ms,
    severities,
    total: Object.values(severities)
      .flat()
      .reduce((a, b) => a + b, 0),
    truncated: false,
    sampled: false,
  };
}

/** A metric with more series than its senders' cap. */
const CAPPED = 'loans.completed';

const catalogue: MetricList['metrics'] = [
  [
    'http.server.request.duration',
    'Duration of requests that were answered',
    's',
    'histogram',
    ['http.route', 'http.response.status_code'],
  ],
  ['loans.completed', 'Loans that were completed', '{loan}', 'sum', ['branch']],
  ['nodejs.eventloop.delay.p99', 'Delay of the event loop', 's', 'gauge', []],
  ['process.memory.usage', 'Resident memory', 'By', 'gauge', []],
  [
    'circuit_breaker.execution.count',
    'Calls through a breaker by outcome',
    '{call}',
    'sum',
    ['circuit_breaker.name', 'circuit_breaker.outcome'],
  ],
  ['db.client.connection.count', 'Connections of the pool', '{connection}', 'sum', ['state']],
].map(([name, description, unit, kind, attributes]) => ({
  name,
  description,
  unit,
  kind,
  temporality: 'cumulative',
  monotonic: kind === 'sum',
  services: ['gateway', 'lending', 'billing'],
  attributes: name === CAPPED ? ['branch', 'otel.metric.overflow'] : attributes,
  capped: name === CAPPED ? ['gateway', 'lending'] : [],
})) as MetricList['metrics'];

export function metricList(scenario: Scenario, query: URLSearchParams): MetricList {
  const search = query.get('search')?.toLowerCase() ?? '';
  const metrics =
    scenario === 'empty'
      ? []
      : scenario === 'hostile'
        ? [...catalogue, { ...catalogue[0], name: hostile } as (typeof catalogue)[number]]
        : scenario === 'many'
          ? Array.from({ length: 900 }, (_, i) => ({
              ...(catalogue[i % 6] as (typeof catalogue)[number]),
              name: `${catalogue[i % 6]?.name}.${i}`,
            }))
          : catalogue;
  const isAsked = (m: MetricList['metrics'][number]) =>
    m.name.toLowerCase().includes(search) && (query.get('overflow') !== 'only' || m.capped.length > 0);
  return { metrics: metrics.filter(isAsked), truncated: false, sampled: false };
}

export function metricResult(
  scenario: Scenario,
  body: { name: string; group_by?: string[] },
  window: Window,
): MetricResult {
  const { t0_ms, step_ms, count } = stepsOf(window);
  const told = toldByAgents[body.name];
  if (told) return agentsResult(scenario, told, window);
  const services = ['gateway', 'lending', 'billing', 'catalog'];
  const by = body.group_by ?? [];
  const keys: (string | null)[][] = by.includes('otel.metric.overflow')
    ? [...['north', 'south'].map((branch) => [branch, null]), [null, 'true']]
    : by.length > 0
      ? services.map((service) => [service])
      : [[]];
  const series =
    scenario === 'empty'
      ? []
      : keys.map((key, k) => {
          const random = randomOf(seedOf(String(key[0] ?? null) + body.name));
          return {
            key,
            points: Array.from({ length: count }, (_, i) =>
              k === 1 && i > 20 && i < 26 ? null : 0.02 * (k + 1) + 0.01 * Math.sin(i / 6 + k) + random() * 0.004,
            ),
          };
        });
  return {
    range: rangeOf(window),
    t0_ms,
    step_ms,
    unit: metricList(scenario, new URLSearchParams()).metrics.find((m) => m.name === body.name)?.unit ?? '',
    series,
    exemplars: scenario === 'empty' ? [] : [{ time_ms: t0_ms + step_ms * 30, value: 0.061, trace_id: 'ef'.repeat(16) }],
    exemplars_truncated: scenario === 'many',
    truncated: false,
    sampled: false,
  };
}

/** What agents tell of themselves: the cap of an instrument's series, and what they lost. */
const toldByAgents: Record<string, [key: string[], value: number][]> = {
  'orrery.agent.series.limit': [
    [['gateway'], 2000],
    [['billing'], 2000],
  ],
  'orrery.agent.dropped': [
    [['billing', 'traces'], 3],
    [['gateway', 'logs'], 0],
  ],
};

function agentsResult(scenario: Scenario, told: [string[], number][], window: Window): MetricResult {
  const { t0_ms, step_ms, count } = stepsOf(window);
  const series = scenario === 'empty' ? [] : told.map(([key, value]) => ({ key, points: Array(count).fill(value) }));
  const complete = { exemplars: [], exemplars_truncated: false, truncated: false, sampled: false };
  return { range: rangeOf(window), t0_ms, step_ms, unit: '', series, ...complete };
}

export function fields(): FieldList {
  const field = (
    name: string,
    source: 'field' | 'attribute' | 'resource' = 'field',
    type: 'string' | 'number' = 'string',
  ) => ({ name, type, source });
  return {
    fields: [
      field('service'),
      field('name'),
      field('status'),
      field('kind'),
      field('duration', 'field', 'number'),
      field('severity'),
      field('http.route', 'attribute'),
      field('http.response.status_code', 'attribute', 'number'),
      field('member.id', 'attribute'),
      field('host.name', 'resource'),
      field('service.version', 'resource'),
    ],
    truncated: false,
    sampled: false,
  };
}

export function fieldValues(scenario: Scenario, query: URLSearchParams): FieldValues {
  const field = query.get('field');
  const values: [string, number][] =
    scenario === 'empty'
      ? []
      : field === 'service'
        ? servicesOf(scenario)
            .slice(0, 9)
            .map((s, i) => [s, 4000 - i * 410])
        : field === 'environment'
          ? [
              ['production', 9000],
              ['staging', 300],
            ]
          : field === 'status'
            ? [
                ['unset', 8100],
                ['error', 340],
              ]
            : field === 'severity'
              ? [
                  ['info', 5400],
                  ['debug', 900],
                  ['warn', 320],
                  ['error', 110],
                ]
              : [
                  ['/loans', 3100],
                  ['/catalog/search', 2800],
                  ['/members/:id', 990],
                ];
  return {
    values: values.map(([value, count]) => ({ value, count })),
    truncated: field === 'http.route',
    sampled: false,
  };
}

export function aggregate(
  scenario: Scenario,
  body: { group_by?: string[]; measures: unknown[] },
  window: Window,
): AggregateResult {
  const { t0_ms, step_ms, count } = stepsOf(window);
  const keys = scenario === 'empty' ? [] : ['lending', 'billing', 'gateway', 'catalog'];
  return {
    range: rangeOf(window),
    t0_ms,
    step_ms,
    groups: keys.map((key, i) => ({
      key: body.group_by?.map(() => key) ?? [],
      values: body.measures.map(() => 400 - i * 77),
      series: body.measures.map(() => Array.from({ length: count }, (_, j) => 20 - i * 3 + (j % 5))),
    })),
    truncated: false,
    sampled: false,
  };
}

export function search(scenario: Scenario, q: string): SearchResult {
  const hits: SearchResult['hits'] = servicesOf(scenario)
    .filter((s) => s.includes(q))
    .slice(0, 6)
    .map((s) => ({ kind: 'service', title: s, subtitle: 'nodejs', href: `/services/${encodeURIComponent(s)}` }));
  if (q.startsWith('loan-')) hits.push({ kind: 'saga', title: q, subtitle: 'lend-a-book', href: `/sagas/${q}` });
  return { hits };
}

export function status(scenario: Scenario, now: number): SystemStatus {
  const empty = scenario === 'empty';
  const figures = (n: number) => ({
    requests: empty ? 0 : n,
    items: empty ? 0 : n * 42,
    bytes: empty ? 0 : n * 9100,
    refused_requests: empty ? 0 : 3,
    rejected_items: empty ? 0 : 7,
    duplicates: 0,
    items_per_second: empty ? 0 : n / 300,
  });
  return {
    ready: true,
    components: [
      { name: 'ingest', ok: true, sentence: 'Listens on 127.0.0.1:4318.' },
      { name: 'log', ok: true, sentence: 'Writes to .orrery/log.' },
      { name: 'store', ok: true, sentence: 'DuckDB, 3 slices.' },
      {
        name: 'runner',
        ok: scenario !== 'many',
        sentence: scenario === 'many' ? 'Was last seen 4 minutes ago; start it with "npm start".' : 'Runs 6 checks.',
      },
    ],
    version: '0.1.0',
    store: 'duckdb',
    started: nano(now - 5_400_000),
    ingest: { traces: figures(91_000), logs: figures(44_000), metrics: figures(8_000) },
    refusals: empty ? {} : { not_decodable: 2, over_share: 1 },
    refused_senders: empty
      ? []
      : [
          { service: '', reason: 'not_decodable', requests: 2, last: nano(now - 60_000) },
          { service: 'orders', reason: 'over_share', requests: 1, last: nano(now - 5_000) },
        ],
    log: { bytes: 48_000_000, limit_bytes: 1_000_000_000, lag_bytes: empty ? 0 : 12_000, lag_ms: empty ? 0 : 140 },
    storage: {
      slices: empty ? 0 : 3,
      bytes: empty ? 0 : 210_000_000,
      spans: empty ? 0 : 2_410_000,
      logs: empty ? 0 : 910_000,
      metric_points: empty ? 0 : 310_000,
      oldest: empty ? null : nano(now - 5_400_000),
      newest: empty ? null : nano(now - 700),
      dead_letters: empty ? 0 : 2,
    },
    senders: servicesOf(scenario)
      .slice(0, 12)
      .map((service, i) => ({
        service,
        sdk: i % 3 ? 'orrery' : 'opentelemetry',
        sdk_version: i % 3 ? (i === 4 ? '0.0.9' : '0.1.0') : '1.30.1',
        language: i % 3 ? 'nodejs' : 'python',
        instances: i % 4 === 3 ? null : (i % 5) + 1,
        last_seen: nano(now - i * 2200),
      })),
    senders_capped: scenario === 'many',
    endpoints: { otlp_http: 'http://127.0.0.1:4318', ui: 'http://127.0.0.1:1781', agent: '@orrery/agent/register' },
  };
}
