import type {
  MapEdge,
  MapNode,
  Operation,
  Red,
  RedSeries,
  ServiceDetail,
  ServiceList,
  ServiceMap,
  ServiceSummary,
} from '@orrery/collector/api';
import { nano, randomOf, rangeOf, type Scenario, seedOf, servicesOf, stepsOf, type Window } from './world.ts';

function series(name: string, window: Window, trouble: boolean): RedSeries {
  const { t0_ms, step_ms, count } = stepsOf(window);
  const random = randomOf(seedOf(name) + t0_ms / step_ms);
  const level = 4 + (seedOf(name) % 40);
  const requests = Array.from({ length: count }, (_, i) =>
    Math.round((level + Math.sin(i / 7 + level) * level * 0.3 + random() * 4) * (step_ms / 1000)),
  );
  const errors = requests.map((r, i) =>
    trouble && i > count * 0.55 && i < count * 0.85 ? Math.round(r * (0.1 + random() * 0.2)) : random() > 0.96 ? 1 : 0,
  );
  const p50 = requests.map((_, i) => 8 + (level % 9) + random() * 4 + (trouble && i > count * 0.55 ? 20 : 0));
  return { t0_ms, step_ms, requests, errors, p50_ms: p50, p95_ms: p50.map((v) => v * (3 + random())) };
}

function redOf(s: RedSeries, window: Window): Red {
  const requests = s.requests.reduce((a, b) => a + b, 0);
  const errors = s.errors.reduce((a, b) => a + b, 0);
  const last = s.p50_ms.at(-2) ?? 10;
  return {
    requests,
    rate: requests / ((window.toMs - window.fromMs) / 1000),
    errors,
    error_ratio: requests ? errors / requests : null,
    p50_ms: last,
    p95_ms: last * 3.4,
    p99_ms: last * 7.1,
  };
}

const troubled = (name: string) => name === 'billing' || (seedOf(name) >>> 3) % 17 === 0;

export function summary(service: string, window: Window): ServiceSummary {
  const s = series(service, window, troubled(service));
  const red = redOf(s, window);
  return {
    ...red,
    service,
    environments: ['production'],
    versions: service === 'billing' ? ['2.4.0', '2.4.1'] : ['1.9.3'],
    language: ['nodejs', 'python', 'java', 'go'][seedOf(service) & 3] ?? '',
    instances: 1 + (seedOf(service) & 3),
    last_seen: nano(window.toMs - 800),
    series: s,
    previous: {
      ...red,
      rate: red.rate * (0.8 + (seedOf(service) & 7) / 18),
      error_ratio: 0.002,
      p95_ms: (red.p95_ms ?? 1) * 0.7,
    },
    open_breakers: service === 'billing' ? 1 : 0,
  };
}

export function serviceList(scenario: Scenario, window: Window): ServiceList {
  const services = servicesOf(scenario).map((name) => summary(name, window));
  services.sort((a, b) => (b.error_ratio ?? 0) - (a.error_ratio ?? 0) || (b.p95_ms ?? 0) - (a.p95_ms ?? 0));
  return { range: rangeOf(window), services, truncated: scenario === 'many', sampled: false };
}

function edge(source: string, target: string, kind: MapEdge['kind'], window: Window): MapEdge {
  const red = redOf(series(source + target, window, target === 'external:card-bank'), window);
  const open = target === 'external:card-bank';
  return {
    ...red,
    id: `${source}>${target}`,
    source,
    target,
    kind,
    failures: open ? { timing: Math.round(red.errors * 0.7), response: Math.round(red.errors * 0.3) } : {},
    breakers: open
      ? [{ id: 'billing/card-bank', name: 'card-bank', state: 'open' }]
      : target === 'service:catalog'
        ? [{ id: 'gateway/catalog', name: 'catalog', state: 'closed' }]
        : [],
  };
}

export function map(scenario: Scenario, window: Window): ServiceMap {
  const names = servicesOf(scenario);
  const node = (kind: MapNode['kind'], name: string, system = ''): MapNode => ({
    ...redOf(series(name, window, troubled(name)), window),
    id: `${kind}:${name}`,
    kind,
    name,
    system,
    language: kind === 'service' ? 'nodejs' : '',
    environments: ['production'],
  });
  const nodes: MapNode[] = names.map((name) => node('service', name));
  const edges: MapEdge[] = [];
  if (names.length > 0) {
    nodes.push(
      node('caller', 'browser'),
      node('database', 'library-db', 'postgresql'),
      node('topic', 'loans.events', 'kafka'),
      node('external', 'card-bank'),
      node('database', 'cache', 'redis'),
    );
    const e = (s: string, t: string, k: MapEdge['kind']) => edges.push(edge(s, t, k, window));
    e('caller:browser', 'service:gateway', 'sync');
    e('service:gateway', 'service:catalog', 'sync');
    e('service:gateway', 'service:lending', 'sync');
    e('service:gateway', 'service:members', 'sync');
    e('service:lending', 'service:members', 'sync');
    e('service:lending', 'service:billing', 'sync');
    e('service:billing', 'external:card-bank', 'external');
    e('service:lending', 'topic:loans.events', 'async');
    e('topic:loans.events', 'service:notices', 'async');
    e('topic:loans.events', 'service:search-index', 'async');
    e('topic:loans.events', 'service:returns', 'async');
    e('service:catalog', 'database:library-db', 'database');
    e('service:members', 'database:library-db', 'database');
    e('service:billing', 'database:library-db', 'database');
    e('service:catalog', 'database:cache', 'database');
    names.slice(8).forEach((name, i) => {
      e(`service:${names[Math.floor(i / 3)]}`, `service:${name}`, i % 5 === 0 ? 'async' : 'sync');
      if (i % 4 === 0) e(`service:${name}`, 'database:library-db', 'database');
    });
  }
  return {
    range: rangeOf(window),
    nodes,
    edges,
    unpaired: names.length ? 12 : 0,
    truncated: scenario === 'many',
    sampled: scenario === 'many',
  };
}

export function serviceDetail(scenario: Scenario, service: string, window: Window): ServiceDetail | null {
  if (!servicesOf(scenario).includes(service)) return null;
  const operations: Operation[] = [
    'GET /loans/:id',
    'POST /loans',
    'GET /members/:id',
    'DELETE /loans/:id',
    'loans.events process',
  ].map((operation, i) => {
    const s = series(service + operation, window, troubled(service) && i === 1);
    return { ...redOf(s, window), operation, kind: i === 4 ? 'consumer' : 'server', series: s };
  });
  const world = map(scenario, window);
  const id = `service:${service}`;
  return {
    range: rangeOf(window),
    summary: summary(service, window),
    operations,
    truncated: scenario === 'many',
    ...(scenario === 'many' && { operations_total: 1840, instances_total: 312 }),
    incoming: world.edges.filter((e) => e.target === id),
    outgoing: world.edges.filter((e) => e.source === id),
    instances: [1, 2].map((i) => ({
      instance: `${service}-${i}f3a`,
      host: `node-${i}`,
      version: i === 1 ? '2.4.0' : '2.4.1',
      requests: 4200 * i,
      errors: i === 2 ? 310 : 2,
      p95_ms: 40 * i,
      last_seen: nano(window.toMs - i * 900),
    })),
  };
}
