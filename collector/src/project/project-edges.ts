import { hexAt } from '../decode/text.js';
import { ABSENT, type SpanColumns } from '../telemetry/span-columns.js';
import { addDuration } from './duration-buckets.js';
import { failureKind } from './failure-kind.js';
import { OUTSIDE } from './map/fold-map.js';
import type { EdgeDelta } from './projection.js';
import type { ResourceFacts } from './resource-facts.js';
import { callerOf, type SpanReader } from './span-facts.js';

interface Coupling {
  source: string;
  target: string;
  kind: EdgeDelta['kind'];
  system: string;
  side: EdgeDelta['side'];
}

const SERVER = 2;
const CLIENT = 3;
const PRODUCER = 4;
const CONSUMER = 5;

/**
 * Which two parties a span couples, from what the span itself knows; null for inner work, and for a server span whose
 * caller is only in another span (the caller's own client span tells that edge).
 */
export function couplingOf(columns: SpanColumns, row: number, span: SpanReader, self: ResourceFacts): Coupling | null {
  const service = `service:${self.service}`;
  switch (columns.kind[row]) {
    case SERVER: {
      const caller = callerOf(columns, row);
      if (caller) return { source: `service:${caller}`, target: service, kind: 'sync', system: '', side: 'server' };
      if (columns.parentSpanId[row] !== ABSENT) return null;
      return { source: OUTSIDE, target: service, kind: 'sync', system: '', side: 'server' };
    }
    case CONSUMER: {
      const topic = `topic:${span.text('destination') || 'unnamed'}`;
      return { source: topic, target: service, kind: 'async', system: span.text('messagingSystem'), side: 'server' };
    }
    case PRODUCER: {
      const topic = `topic:${span.text('destination') || 'unnamed'}`;
      return { source: service, target: topic, kind: 'async', system: span.text('messagingSystem'), side: 'client' };
    }
    case CLIENT:
      return clientCoupling(service, span);
    default:
      return null;
  }
}

function clientCoupling(service: string, span: SpanReader): Coupling | null {
  if (span.has('dbSystem')) {
    const system = span.text('dbSystem');
    const name = span.text('dbNamespace') || span.text('serverAddress') || system;
    return { source: service, target: `database:${name}`, kind: 'database', system, side: 'client' };
  }
  if (span.has('messagingSystem')) {
    const topic = `topic:${span.text('destination') || 'unnamed'}`;
    return { source: service, target: topic, kind: 'async', system: span.text('messagingSystem'), side: 'client' };
  }
  if (span.has('peerService')) {
    const target = `service:${span.text('peerService')}`;
    return { source: service, target, kind: 'sync', system: '', side: 'client' };
  }
  if (!span.has('serverAddress')) return null;
  const port = span.text('serverPort');
  const address = port ? `${span.text('serverAddress')}:${port}` : span.text('serverAddress');
  return { source: service, target: `external:${address}`, kind: 'external', system: '', side: 'client' };
}

/** Gathers the edges of one record. */
export class EdgeGatherer {
  readonly #edges = new Map<string, EdgeDelta>();

  add(
    columns: SpanColumns,
    row: number,
    span: SpanReader,
    self: ResourceFacts,
    at: { minuteMs: number; nanos: number; error: boolean; synthetic: boolean },
  ): void {
    const coupling = couplingOf(columns, row, span, self);
    if (!coupling) return;
    const key = [
      at.minuteMs,
      coupling.source,
      coupling.target,
      coupling.kind,
      coupling.side,
      at.synthetic,
      self.environment,
    ].join('\0');
    let edge = this.#edges.get(key);
    if (!edge) {
      edge = {
        ...coupling,
        minuteMs: at.minuteMs,
        environment: self.environment,
        synthetic: at.synthetic,
        count: 0,
        errors: 0,
        failures: {},
        durations: new Map(),
        sample: {
          traceId: hexAt(columns.bytes, columns.traceId[row] as number, 16),
          spanId: hexAt(columns.bytes, columns.spanId[row] as number, 8),
        },
      };
      this.#edges.set(key, edge);
    }
    edge.count++;
    addDuration(edge.durations, at.nanos);
    if (!at.error) return;
    edge.errors++;
    const kind = failureKind(span.text('errorType'), span.number('httpStatus'));
    if (kind) edge.failures[kind] = (edge.failures[kind] ?? 0) + 1;
  }

  edges(): EdgeDelta[] {
    return [...this.#edges.values()];
  }
}
