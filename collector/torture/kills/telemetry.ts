import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Signal } from '../../src/log/log-record.js';
import {
  encodeLogs,
  encodeMetrics,
  encodeTraces,
  type LogGiven,
  type MetricGiven,
  type SpanGiven,
  type Values,
} from '../../test/fixtures/otlp-encoder.js';
import { Random } from '../fuzz/random.js';

/** Items of one request at most: what its number is shifted by in the ids of its items. */
export const ID_SPACE = 256;

const SERVICES = ['orders', 'stock', 'payment', 'billing'];
const EVENT_STEP_NANO = 40_000_000n;

export interface NumberedRequest {
  signal: Signal;
  /** As it is in the log: not compressed. */
  plain: Uint8Array;
  items: number;
}

/**
 * Requests by number, the same bytes whenever they are asked for. Every item carries its request's number: a span in
 * its id, a line in its body, a point in its value. Traces, sagas and breakers span many requests.
 */
export class Telemetry {
  readonly #seed: number;
  readonly #startNano: bigint;

  constructor(seed: number, startMs: number) {
    this.#seed = seed;
    this.#startNano = BigInt(startMs) * 1_000_000n;
  }

  /** When the items of a request happened, Unix milliseconds. */
  eventMs(n: number): number {
    return Number((this.#startNano + BigInt(n) * EVENT_STEP_NANO) / 1_000_000n);
  }

  request(n: number): NumberedRequest {
    const random = new Random(this.#seed, n);
    const items = 2 + random.int(12);
    const service = SERVICES[random.int(SERVICES.length)] as string;
    const resource = { 'service.name': service, 'service.instance.id': `${service}-${random.int(3)}` };
    const atNano = this.#startNano + BigInt(n) * EVENT_STEP_NANO;
    const list = Array.from({ length: items }, (_, i) => i);
    switch (n % 4) {
      case 2: {
        const plain = encodeLogs(
          resource,
          list.map((i) => this.#line(n, i, atNano, random)),
        );
        return { signal: Signal.logs, plain, items };
      }
      case 3: {
        const plain = encodeMetrics(
          resource,
          list.map((i) => metric(n, i, atNano, random)),
        );
        return { signal: Signal.metrics, plain, items };
      }
      default: {
        const plain = encodeTraces(
          resource,
          list.map((i) => this.#span(n, i, atNano, random)),
        );
        return { signal: Signal.traces, plain, items };
      }
    }
  }

  /** What goes over the wire: some senders compress. */
  body(n: number): { path: string; headers: Record<string, string>; bytes: Uint8Array } {
    const { signal, plain } = this.request(n);
    const path = { [Signal.traces]: '/v1/traces', [Signal.logs]: '/v1/logs', [Signal.metrics]: '/v1/metrics' }[signal];
    const headers = { 'Content-Type': 'application/x-protobuf' };
    if (n % 3 > 0) return { path, headers, bytes: plain };
    return { path, headers: { ...headers, 'Content-Encoding': 'gzip' }, bytes: gzipSync(plain) };
  }

  /** Eight requests share four traces. */
  #traceId(n: number, i: number): string {
    const trace = Math.floor(n / 8) * 4 + (i % 4);
    return createHash('md5').update(`${this.#seed} ${trace}`).digest('hex');
  }

  #span(n: number, i: number, atNano: bigint, random: Random): SpanGiven {
    const failed = random.int(8) === 0;
    const endNano = atNano + BigInt(1 + random.int(400)) * 1_000_000n;
    const span = {
      traceId: this.#traceId(n, i),
      spanId: spanId(n, i),
      startNano: atNano,
      endNano,
      status: failed ? (2 as const) : (1 as const),
    };
    const error: Values = failed ? { 'error.type': 'TimeoutError' } : {};
    const caller = SERVICES[random.int(SERVICES.length)] as string;
    switch (i % 4) {
      case 0: {
        const route = `/shelves/${random.int(5)}`;
        const attributes = { 'http.request.method': 'GET', 'http.route': route, ...error };
        return { ...span, name: `GET ${route}`, kind: 2, traceState: `orrery=svc:${caller}`, attributes };
      }
      case 1: {
        const attributes = { 'db.system.name': 'postgresql', 'db.namespace': 'books', ...error };
        return { ...span, name: 'SELECT books', kind: 3, attributes };
      }
      case 2: {
        const attributes = {
          ...breaker(random),
          'peer.service': caller,
          'circuit_breaker.outcome': 'success',
          ...error,
        };
        return { ...span, name: 'lend', kind: 3, attributes };
      }
      default: {
        const attributes = { ...saga(n), 'saga.step.name': `step ${i}`, 'saga.step.index': i, ...error };
        const events = [{ timeNano: atNano, name: 'saga.step.started' }];
        return { ...span, name: `step ${i}`, kind: 1, attributes, events };
      }
    }
  }

  #line(n: number, i: number, atNano: bigint, random: Random): LogGiven {
    const line = { timeNano: atNano, severity: 9, body: `line ${n} ${i}`, traceId: this.#traceId(n, i) };
    if (i % 5 === 1) return { ...line, eventName: 'saga.step.succeeded', attributes: saga(n) };
    if (i % 5 === 2) {
      const attributes = { ...breaker(random), 'circuit_breaker.previous_state': 'half_open' };
      return { ...line, eventName: 'circuit_breaker.state_change', attributes };
    }
    return { ...line, attributes: { shelf: random.int(6) } };
  }
}

/** Unique, and says where it comes from. */
export function spanId(n: number, i: number): string {
  return (BigInt(n) * BigInt(ID_SPACE) + BigInt(i) + 1n).toString(16).padStart(16, '0');
}

function metric(n: number, i: number, atNano: bigint, random: Random): MetricGiven {
  const value = n * ID_SPACE + i;
  const attributes = { shelf: random.int(6) };
  switch (i % 4) {
    case 0:
      return {
        name: 'books.lent',
        sum: { points: [{ timeNano: atNano, value, attributes }], temporality: 2, monotonic: true },
      };
    case 1: {
      const point = { timeNano: atNano, counts: [1, 2, 3], bounds: [10, 100], sum: value, attributes };
      return { name: 'lend.duration', unit: 'ms', histogram: { points: [point], temporality: 1 } };
    }
    case 2: {
      const told = { ...breaker(random), 'circuit_breaker.outcome': 'success' };
      const points = [{ timeNano: atNano, value, attributes: told }];
      return { name: 'circuit_breaker.execution.count', sum: { points, temporality: 2, monotonic: true } };
    }
    default:
      return { name: 'books.open', gauge: [{ timeNano: atNano, value, attributes }] };
  }
}

function saga(n: number): Values {
  return { 'saga.id': `loan-${Math.floor(n / 16)}`, 'saga.name': 'loan' };
}

function breaker(random: Random): Values {
  const state = random.int(2) === 0 ? 'open' : 'closed';
  return { 'circuit_breaker.name': `desk-${random.int(3)}`, 'circuit_breaker.state': state };
}
