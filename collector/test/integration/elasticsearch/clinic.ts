import { type LogRecord, Signal } from '../../../src/log/log-record.js';
import { encodeLogs, encodeMetrics, encodeTraces, type SpanGiven } from '../../fixtures/otlp-encoder.js';
import { hex, NOON, nano, type RecordsGiven } from './telemetry-given.js';

/** Twenty visits: desk → (http) → lab, and a saga step in each; every fifth lab call fails. */
export function clinic(given: RecordsGiven): LogRecord[] {
  const desk: SpanGiven[] = [];
  const lab: SpanGiven[] = [];
  for (let visit = 0; visit < 20; visit++) {
    const traceId = hex(visit + 1, 32);
    const at = NOON + visit * 1000;
    const failed = visit % 5 === 0;
    desk.push(
      {
        traceId,
        spanId: hex(visit * 10 + 1, 16),
        name: 'POST /visits',
        kind: 2,
        startNano: nano(at),
        endNano: nano(at + 100 + visit),
        status: failed ? 2 : 0,
        attributes: {
          'http.route': '/visits',
          'visit.room': visit % 3,
          'correlation.id': `v-${visit}`,
          ...(visit === 7 ? { synthetic: true, 'synthetic.check': 'walk-in' } : {}),
        },
        events: [{ timeNano: nano(at + 5), name: 'arrived', attributes: { queue: [1, 'two'] } }],
        links: visit === 3 ? [{ traceId: hex(1, 32), spanId: hex(1, 16) }] : [],
      },
      {
        traceId,
        spanId: hex(visit * 10 + 2, 16),
        parentSpanId: hex(visit * 10 + 1, 16),
        name: 'POST',
        kind: 3,
        startNano: nano(at + 10),
        endNano: nano(at + 60),
        status: failed ? 2 : 0,
        attributes: { 'server.address': 'lab.local', 'server.port': 8080, 'http.request.method': 'POST' },
      },
      {
        traceId,
        spanId: hex(visit * 10 + 3, 16),
        parentSpanId: hex(visit * 10 + 1, 16),
        name: 'book',
        kind: 1,
        startNano: nano(at + 61),
        endNano: nano(at + 80),
        attributes: {
          'saga.id': `saga-${visit}`,
          'saga.name': 'visit',
          'saga.step.name': 'book',
          'saga.step.outcome': failed ? 'failed' : 'succeeded',
        },
      },
    );
    lab.push({
      traceId,
      spanId: hex(visit * 10 + 4, 16),
      parentSpanId: hex(visit * 10 + 2, 16),
      name: 'POST /samples',
      kind: 2,
      startNano: nano(at + 15),
      endNano: nano(at + 55),
      status: failed ? 2 : 0,
    });
  }
  const resource = (service: string) => ({ 'service.name': service, 'service.instance.id': `${service}-1` });
  const counter = (at: number, value: number) => ({
    timeNano: nano(NOON + at),
    value,
    attributes: { kind: 'walk-in' },
  });
  return [
    given.record(Signal.traces, encodeTraces(resource('desk'), desk)),
    given.record(Signal.traces, encodeTraces(resource('lab'), lab)),
    given.record(
      Signal.logs,
      encodeLogs(resource('desk'), [
        { timeNano: nano(NOON), severity: 9, body: 'visit began', traceId: hex(1, 32), spanId: hex(1, 16) },
        { timeNano: nano(NOON + 1000), severity: 17, body: `${'long '.repeat(5000)}needle at 25000` },
        {
          timeNano: nano(NOON + 2000),
          severity: 13,
          body: 'breaker opened',
          eventName: 'circuit_breaker.state_change',
          attributes: {
            'circuit_breaker.name': 'lab',
            'circuit_breaker.state': 'open',
            'circuit_breaker.previous_state': 'closed',
            'circuit_breaker.reason': 'too many failures',
            'server.address': 'lab.local:8080',
          },
        },
      ]),
    ),
    given.record(
      Signal.metrics,
      encodeMetrics(resource('desk'), [
        {
          name: 'visits',
          unit: '{visit}',
          sum: { points: [0, 10, 20, 30].map((s) => counter(s * 1000, s * 3)), temporality: 2, monotonic: true },
        },
        {
          name: 'waiting',
          gauge: [
            { timeNano: nano(NOON), value: 4 },
            { timeNano: nano(NOON + 1000), value: 6 },
          ],
        },
        {
          name: 'visit.duration',
          histogram: {
            points: [{ timeNano: nano(NOON + 5000), counts: [0, 10, 10, 0], bounds: [1, 2, 4], sum: 45 }],
            temporality: 1,
          },
        },
      ]),
    ),
  ];
}
