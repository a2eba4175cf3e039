import { expect, test } from 'vitest';
import { encode, Traces } from '../../test/otlp/otlp-messages.js';
import { decodeTraces } from '../decode/decode-traces.js';
import { parseFilter } from '../query/parse-filter.js';
import { quantileMs } from './duration-buckets.js';
import { projectTraces } from './project-traces.js';
import type { SagaDefinition } from './saga/definition.js';

const MINUTE = 1_800_000_000_000;
const nano = (ms: number): string => `${MINUTE + ms}000000`;
const id = (digit: string, bytes: number): Buffer => Buffer.from(digit.repeat(bytes * 2), 'hex');

interface SpanIn {
  name: string;
  kind: number;
  span?: string;
  parent?: string;
  trace?: string;
  start?: number;
  end?: number;
  error?: boolean;
  traceState?: string;
  attributes?: Record<string, string | number | boolean>;
  events?: { name: string; at: number; attributes: Record<string, string | number> }[];
}

const keyValues = (attributes: Record<string, string | number | boolean> = {}): object[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : typeof value === 'boolean'
          ? { boolValue: value }
          : { intValue: value },
  }));

function project(service: string, spans: SpanIn[], definitions: SagaDefinition[] = []) {
  const bytes = encode(Traces, {
    resourceSpans: [
      {
        resource: {
          attributes: keyValues({
            'service.name': service,
            'telemetry.sdk.name': 'opentelemetry',
            'telemetry.sdk.language': 'python',
          }),
        },
        scopeSpans: [
          {
            spans: spans.map((span) => ({
              traceId: id(span.trace ?? 'a', 16),
              spanId: id(span.span ?? '1', 8),
              ...(span.parent ? { parentSpanId: id(span.parent, 8) } : {}),
              name: span.name,
              kind: span.kind,
              startTimeUnixNano: nano(span.start ?? 0),
              endTimeUnixNano: nano(span.end ?? 10),
              traceState: span.traceState ?? '',
              attributes: keyValues(span.attributes),
              events: (span.events ?? []).map((event) => ({
                name: event.name,
                timeUnixNano: nano(event.at),
                attributes: keyValues(event.attributes),
              })),
              status: span.error ? { code: 2, message: 'it broke' } : {},
            })),
          },
        ],
      },
    ],
  });
  return projectTraces(decodeTraces(bytes).columns, definitions, 1n);
}

test('requests are counted per operation and minute with errors and durations, inner work is not', () => {
  const { red } = project('wards', [
    { name: 'GET /beds', kind: 2, span: '1', end: 20 },
    { name: 'GET /beds', kind: 2, span: '2', end: 40, error: true },
    { name: 'GET /beds', kind: 2, span: '3', start: 61_000, end: 61_001 },
    { name: 'inner', kind: 1, span: '4' },
  ]);
  expect(red.map((d) => [d.operation, d.minuteMs - MINUTE, d.count, d.errors])).toEqual([
    ['GET /beds', 0, 2, 1],
    ['GET /beds', 60_000, 1, 0],
  ]);
  expect(quantileMs(red[0]?.durations ?? [], 1)).toBeCloseTo(40, -1);
});

test('a server span that names its caller is a whole edge, a client span an address with a sample', () => {
  const { edges } = project('wards', [
    { name: 'GET /beds', kind: 2, span: '1', parent: '9', traceState: 'x=y,orrery=svc:front%20desk' },
    {
      name: 'GET',
      kind: 3,
      span: '2',
      parent: '1',
      attributes: { 'server.address': 'lab', 'server.port': 80, 'error.type': 'ECONNREFUSED' },
      error: true,
    },
    {
      name: 'SELECT',
      kind: 3,
      span: '3',
      parent: '1',
      attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'clinic' },
    },
    {
      name: 'publish',
      kind: 4,
      span: '4',
      parent: '1',
      attributes: { 'messaging.system': 'mqtt', 'messaging.destination.name': 'admitted' },
    },
    { name: 'process', kind: 5, span: '5', parent: '4', attributes: { 'messaging.destination.name': 'admitted' } },
    { name: 'GET /', kind: 2, span: '6', trace: 'b' },
    { name: 'GET /unpaired', kind: 2, span: '7', trace: 'b', parent: '8' },
  ]);
  expect(edges.map((e) => `${e.source} ${e.kind} ${e.target} ${e.side}`)).toEqual([
    'service:front desk sync service:wards server',
    'service:wards external external:lab:80 client',
    'service:wards database database:clinic client',
    'service:wards async topic:admitted client',
    'topic:admitted async service:wards server',
    'caller:outside sync service:wards server',
  ]);
  expect(edges[1]).toMatchObject({ errors: 1, failures: { crash: 1 }, sample: { spanId: '2'.repeat(16) } });
});

test('the parts of each trace say what they know', () => {
  const { traces } = project('wards', [
    {
      name: 'GET /beds',
      kind: 2,
      span: '1',
      start: 5,
      end: 50,
      attributes: { 'correlation.id': 'r7', synthetic: true, 'synthetic.check': 'admit' },
    },
    { name: 'x', kind: 1, span: '2', parent: '1', start: 1, end: 70, error: true },
    { name: 'other', kind: 1, trace: 'b', span: '3', parent: '4' },
  ]);
  expect(traces).toHaveLength(2);
  expect(traces[0]).toMatchObject({
    spans: 2,
    errors: 1,
    correlationId: 'r7',
    synthetic: true,
    syntheticCheck: 'admit',
    root: { service: 'wards', name: 'GET /beds' },
  });
  expect(Number((traces[0]?.endNano ?? 0n) - (traces[0]?.startNano ?? 0n)) / 1e6).toBe(69);
  expect(traces[1]?.root).toBeNull();
});

test('a span with saga attributes is a step, its saga events are moments, and its outcome may come from either', () => {
  const { sagas } = project('admission', [
    {
      name: 'assign bed',
      kind: 1,
      attributes: {
        'saga.id': 's1',
        'saga.name': 'admit',
        'saga.step.name': 'assign bed',
        'saga.step.index': 1,
        'saga.step.kind': 'compensation',
      },
      events: [
        {
          name: 'saga.step.failed',
          at: 5,
          attributes: { 'saga.step.failure.kind': 'business', 'saga.event.sequence': 3 },
        },
        { name: 'noise', at: 6, attributes: {} },
      ],
    },
    { name: 'merely inside', kind: 1, span: '2', attributes: { 'saga.id': 's1' } },
  ]);
  expect(sagas.map((f) => [f.event, f.step, f.outcome, f.failureKind, f.stepKind])).toEqual([
    ['step.failed', 'assign bed', '', 'business', 'compensation'],
    ['step', 'assign bed', 'failed', 'business', 'compensation'],
  ]);
});

test('a definition makes steps of spans that know of no saga, joined by its correlation key', () => {
  const definition: SagaDefinition = {
    file: 'f',
    name: 'welcome',
    version: '2',
    type: 'choreography',
    correlation: 'patient.id',
    steps: [
      {
        name: 'greet',
        kind: 'action',
        compensates: null,
        optional: false,
        deadlineMs: null,
        match: parseFilter('service:post name:greet* duration<1s', 'spans').filter,
        on: 'spans',
      },
    ],
    terminal: { completed: [], failed: [] },
    stuckAfterMs: 60_000,
  };
  const spans: SpanIn[] = [
    { name: 'greet patient', kind: 5, attributes: { 'patient.id': 'p9', 'messaging.destination.name': 't' } },
    { name: 'greet nobody', kind: 5, span: '2' },
    { name: 'other', kind: 5, span: '3', attributes: { 'patient.id': 'p9' } },
  ];
  expect(project('post', spans, [definition]).sagas).toMatchObject([
    { sagaId: 'welcome/p9', step: 'greet', outcome: 'succeeded' },
  ]);
  expect(project('elsewhere', spans, [definition]).sagas).toEqual([]);
});

test('guarded calls tell their breaker, condensed to what differs', () => {
  const guarded = (n: number, state: string, outcome: string): SpanIn => ({
    name: 'GET',
    kind: 3,
    span: n.toString(16),
    end: n,
    attributes: {
      'circuit_breaker.name': 'lab',
      'circuit_breaker.state': state,
      'circuit_breaker.outcome': outcome,
      'server.address': 'lab',
      'server.port': 80,
    },
  });
  const spans = [1, 2, 3, 4, 5].map((n) => guarded(n, 'closed', 'success'));
  const { breakers } = project('wards', [...spans, guarded(6, 'open', 'rejected')]);
  expect(breakers.filter((f) => f.kind === 'calls').map((f) => [f.outcome, f.count])).toEqual([
    ['success', 5],
    ['rejected', 1],
  ]);
  expect(breakers.filter((f) => f.kind === 'state').map((f) => f.state)).toEqual(['closed', 'closed', 'open']);
  expect(breakers[0]?.target).toBe('lab:80');
});

test('a breaker whose own span names no target protects what the call under it went to', () => {
  const { breakers } = project('wards', [
    {
      name: 'guard',
      kind: 1,
      span: '1',
      attributes: { 'circuit_breaker.name': 'lab', 'circuit_breaker.state': 'closed' },
    },
    { name: 'GET', kind: 3, span: '2', parent: '1', attributes: { 'server.address': 'lab', 'server.port': 80 } },
  ]);
  expect(breakers).toMatchObject([{ name: 'lab', target: 'lab:80' }]);
});

test('senders are named with their SDK', () => {
  expect(project('wards', [{ name: 'x', kind: 1 }]).senders).toEqual([
    { service: 'wards', environment: '', sdk: 'opentelemetry', sdkVersion: '', language: 'python', lastNano: 1n },
  ]);
});
