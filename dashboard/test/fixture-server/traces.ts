import type {
  LogList,
  LogRow,
  SpanDetail,
  Trace,
  TraceHistogram,
  TraceList,
  TraceSummary,
} from '@orrery/collector/api';
import {
  hex,
  hostile,
  nano,
  randomOf,
  rangeOf,
  type Scenario,
  seedOf,
  servicesOf,
  stepsOf,
  type Window,
} from './world.ts';

const operations = ['POST /loans', 'GET /catalog/search', 'GET /members/:id', 'POST /returns', 'GET /loans/:id'];

function traceSummary(scenario: Scenario, window: Window, index: number): TraceSummary {
  const at = window.toMs - index * ((window.toMs - window.fromMs) / 260) - 400;
  const slot = Math.floor(at / 3000);
  const random = randomOf(slot * 7919 + 3);
  const failed = random() > 0.9;
  const names = servicesOf(scenario).slice(0, 8);
  const services = names
    .slice(0, 2 + Math.floor(random() * (names.length - 2)))
    .map((service, i) => ({ service, spans: 2 + ((slot + i) % 5), errors: failed && i > 1 ? 1 : 0 }));
  return {
    trace_id: hex(random, 32),
    root_service: names[0] ?? '',
    root_name: scenario === 'hostile' ? hostile : (operations[slot % 5] ?? ''),
    start: nano(slot * 3000),
    duration_ms: Math.exp(random() * 4.2 + (failed ? 4 : 2.2)),
    spans: services.reduce((a, s) => a + s.spans, 0),
    errors: failed ? 1 + Math.floor(random() * 3) : 0,
    services,
    correlation_id: `c-${slot % 9999}`,
    saga_id: slot % 5 === 0 ? `loan-${1000 + (slot % 800)}` : '',
    synthetic_check: slot % 11 === 0 ? 'borrow-a-book' : '',
    complete: slot % 37 !== 0,
  };
}

export function traceList(scenario: Scenario, query: URLSearchParams, window: Window): TraceList {
  const total = scenario === 'empty' ? 0 : 240;
  const all = Array.from({ length: total }, (_, i) => traceSummary(scenario, window, i));
  const wanted = query.get('q')?.includes('status:error')
    ? all.filter((t) => t.errors > 0)
    : query.get('q')?.includes('nothing-at-all')
      ? []
      : all;
  const key =
    {
      start: (t: TraceSummary) => Number(t.start),
      duration: (t: TraceSummary) => t.duration_ms,
      spans: (t: TraceSummary) => t.spans,
      errors: (t: TraceSummary) => t.errors,
    }[query.get('sort') ?? 'start'] ?? (() => 0);
  wanted.sort((a, b) => (query.get('order') === 'asc' ? key(a) - key(b) : key(b) - key(a)));
  const begin = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  return {
    range: rangeOf(window),
    traces: wanted.slice(begin, begin + limit),
    next_cursor: begin + limit < wanted.length ? String(begin + limit) : null,
    truncated: false,
    sampled: scenario === 'many',
  };
}

export function traceHistogram(scenario: Scenario, window: Window): TraceHistogram {
  const { t0_ms, step_ms, count } = stepsOf(window);
  const random = randomOf(t0_ms / step_ms);
  const traces = Array.from({ length: count }, (_, i) =>
    scenario === 'empty' ? 0 : Math.round(30 + Math.sin(i / 6) * 12 + random() * 8),
  );
  const errors = traces.map((t, i) =>
    t === 0 ? 0 : i > count * 0.6 && i < count * 0.75 ? Math.round(t * 0.4) : Math.round(random()),
  );
  return {
    range: rangeOf(window),
    t0_ms,
    step_ms,
    traces,
    errors,
    total: traces.reduce((a, b) => a + b, 0),
    truncated: false,
    sampled: false,
  };
}

/** A trace whose size follows from the scenario: 42 spans, or 100 000. */
export function trace(scenario: Scenario, id: string): Trace | null {
  if (scenario === 'empty' || id.startsWith('dead')) return null;
  const size = scenario === 'many' ? 100_000 : 42;
  const random = randomOf(seedOf(id));
  const services = servicesOf(scenario).slice(0, 8);
  const names =
    scenario === 'hostile'
      ? [hostile, 'POST']
      : [
          'POST /loans',
          'POST',
          'reserve copy',
          'SELECT library.copies',
          'loans.events publish',
          'loans.events process',
          'charge deposit',
          'POST card-bank',
          'card-bank rejected',
          'render notice',
          'redis GET',
        ];
  const columns: Trace['columns'] = {
    span_id: [],
    parent: [],
    name: [],
    service: [],
    kind: [],
    status: [],
    category: [],
    start_ms: [],
    duration_ms: [],
    events: [],
    links: [],
  };
  const total = 480;
  const end: number[] = [];
  const stack: number[] = [];
  for (let i = 0; i < size; i += 1) {
    const depthWanted = i === 0 ? 0 : 1 + Math.floor(random() * 7);
    while (stack.length > depthWanted) stack.pop();
    const parent = stack.at(-1) ?? -1;
    const from =
      parent < 0
        ? 0
        : Math.max(
            columns.start_ms[parent] ?? 0,
            ...(i > 1 && columns.parent[i - 1] === parent ? [end[i - 1] ?? 0] : [0]),
          );
    const limit = parent < 0 ? total : (end[parent] ?? total);
    const start = i === 0 ? 0 : from + (limit - from) * random() * (size > 1000 ? 0.001 : 0.16);
    const duration = i === 0 ? total : (limit - start) * (size > 1000 ? 0.4 + random() * 0.5 : 0.25 + random() * 0.45);
    const service =
      parent < 0 ? 0 : random() > 0.55 ? Math.floor(random() * services.length) : (columns.service[parent] ?? 0);
    columns.span_id.push(hex(random, 16));
    columns.parent.push(parent);
    columns.name.push(i % names.length);
    columns.service.push(service);
    columns.kind.push(
      (['server', 'client', 'internal', 'client', 'producer', 'consumer'] as const)[i % 6] ?? 'internal',
    );
    columns.status.push(i % 13 === 8 ? 'error' : 'unset');
    columns.category.push(i % 7);
    columns.start_ms.push(start);
    columns.duration_ms.push(duration);
    columns.events.push(i % 9 === 4 ? 2 : 0);
    columns.links.push(i % 17 === 5 ? 1 : 0);
    end.push(start + duration);
    stack.push(i);
  }
  const summary = traceSummary(scenario, { fromMs: Date.now() - 900_000, toMs: Date.now() }, 5);
  const path = [0];
  for (let i = 1; i < size && path.length < 12; i += 1) if (columns.parent[i] === path.at(-1)) path.push(i);
  return {
    summary: {
      ...summary,
      trace_id: id,
      duration_ms: total,
      spans: size,
      errors: columns.status.filter((s) => s === 'error').length,
      saga_id: 'loan-1042',
      complete: true,
    },
    names,
    services,
    categories: ['http', 'database', 'messaging', 'rpc', 'breaker', 'saga', 'internal'],
    columns,
    clock_corrections: [{ service: services[2] ?? '', instance: 'lending-1f3a', shift_ms: -12.4 }],
    critical_path: path,
    orphans: 1,
    logs: 9,
    truncated: false,
    linked_traces: Array.from({ length: scenario === 'many' ? 40 : 1 }, (_, n) => (0xab + n).toString(16).repeat(16)),
    linked_truncated: scenario === 'many',
  };
}

export function span(scenario: Scenario, traceId: string, spanId: string): SpanDetail {
  const start = Date.now() - 60_000;
  return {
    trace_id: traceId,
    span_id: spanId,
    parent_span_id: 'a'.repeat(16),
    service: 'lending',
    name: scenario === 'hostile' ? hostile : 'POST /loans',
    kind: 'server',
    status: 'error',
    status_message: 'deposit refused by the bank',
    trace_state: 'orrery=svc:gateway',
    start: nano(start),
    end: nano(start + 120),
    duration_ms: 120,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/loans',
      'http.response.status_code': 502,
      'url.path': '/loans',
      'server.address': 'lending',
      'correlation.id': 'c-77',
      'saga.id': 'loan-1042',
      'saga.step.name': 'charge deposit',
      'retry.attempt': 2,
      tags: ['a', 'b'],
      ...(scenario === 'hostile' ? { [hostile]: hostile } : {}),
    },
    resource: {
      'service.name': 'lending',
      'service.version': '1.9.3',
      'host.name': 'node-1',
      'process.pid': 4711,
      'telemetry.sdk.language': 'nodejs',
    },
    scope: { name: '@orrery/http', version: '0.1.0' },
    events: [
      {
        time: nano(start + 44),
        name: 'exception',
        attributes: {
          'exception.type': 'BankError',
          'exception.message': 'deposit refused',
          'exception.stacktrace':
            'BankError: deposit refused\n    at charge (/app/billing.js:42:11)\n    at async handler (/app/routes.js:17:3)',
        },
      },
    ],
    links: [{ trace_id: 'ab'.repeat(16), span_id: 'cd'.repeat(8), attributes: {} }],
  };
}

const bodies = [
  'loan accepted',
  'copy reserved on shelf 14',
  'deposit refused by the bank: insufficient funds',
  'cache miss, asking the database',
  'notice queued for member',
  'slow query: 812 ms',
  'request completed',
  'breaker card-bank opened after 5 of 8 calls failed',
];
const severities = ['info', 'info', 'error', 'debug', 'info', 'warn', 'info', 'warn'] as const;

export function logRow(scenario: Scenario, at: number, index: number, withTrace?: Trace): LogRow {
  const i = Math.abs(Math.floor(at / 137) + index) % 8;
  const row = withTrace ? (index * 5) % withTrace.columns.span_id.length : 0;
  return {
    id: `${Math.floor(at)}-${index}`,
    time: nano(at),
    severity: severities[i] ?? 'info',
    severity_text: '',
    service: servicesOf(scenario)[i] ?? 'gateway',
    body: scenario === 'hostile' ? hostile : (bodies[i] ?? ''),
    event_name: '',
    trace_id: withTrace?.summary.trace_id ?? (i % 3 ? 'ef'.repeat(16) : ''),
    span_id: withTrace?.columns.span_id[row] ?? '',
    correlation_id: `c-${i}`,
    attributes: { shelf: 14, 'member.id': `m-${i}77`, logger: 'pino' },
    resource: { 'host.name': 'node-1', 'service.version': '1.9.3' },
  };
}

export function traceLogs(scenario: Scenario, id: string): LogList {
  const found = trace(scenario === 'many' ? 'normal' : scenario, id);
  const start = found ? Number(found.summary.start.slice(0, -6)) : 0;
  const logs = found ? Array.from({ length: 9 }, (_, i) => logRow(scenario, start + 20 + i * 47, i, found)) : [];
  return {
    range: { from_ms: start, to_ms: start + 480 },
    logs,
    next_cursor: null,
    truncated: scenario === 'many',
    sampled: false,
  };
}

export function logList(scenario: Scenario, query: URLSearchParams, window: Window): LogList {
  const total =
    scenario === 'empty' || query.get('q')?.includes('nothing-at-all') ? 0 : scenario === 'many' ? 100_000 : 900;
  const begin = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 100);
  const distance = (window.toMs - window.fromMs) / Math.max(1, total);
  const logs = Array.from({ length: Math.max(0, Math.min(limit, total - begin)) }, (_, i) =>
    logRow(scenario, window.toMs - (begin + i) * distance, begin + i),
  );
  return {
    range: rangeOf(window),
    logs,
    next_cursor: begin + limit < total ? String(begin + limit) : null,
    truncated: false,
    sampled: false,
  };
}
