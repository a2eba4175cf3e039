import { hexAt } from '../decode/text.js';
import { ABSENT, type SpanColumns } from '../telemetry/span-columns.js';
import { addDuration } from './duration-buckets.js';
import { failureKind } from './failure-kind.js';
import { OUTSIDE } from './map/fold-map.js';
import type { EdgeDelta } from './projection.js';
import type { ResourceFacts } from './resource-facts.js';
import { callerOf, SpanKey, type SpanReader } from './span-facts.js';
import type { TextIds } from './text-ids.js';
import { TupleTable } from './tuple-table.js';

const MINUTE_MS = 60_000;

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
    case CONSUMER:
      return { source: topicOf(span), target: service, kind: 'async', system: systemOf(span), side: 'server' };
    case PRODUCER:
      return { source: service, target: topicOf(span), kind: 'async', system: systemOf(span), side: 'client' };
    case CLIENT:
      return clientCoupling(service, span);
    default:
      return null;
  }
}

function clientCoupling(service: string, span: SpanReader): Coupling | null {
  if (span.has(SpanKey.dbSystem)) {
    const system = span.text(SpanKey.dbSystem);
    const name = span.text(SpanKey.dbNamespace) || span.text(SpanKey.serverAddress) || system;
    return { source: service, target: `database:${name}`, kind: 'database', system, side: 'client' };
  }
  if (span.has(SpanKey.messagingSystem)) {
    return { source: service, target: topicOf(span), kind: 'async', system: systemOf(span), side: 'client' };
  }
  if (span.has(SpanKey.peerService)) {
    const target = `service:${span.text(SpanKey.peerService)}`;
    return { source: service, target, kind: 'sync', system: '', side: 'client' };
  }
  if (!span.has(SpanKey.serverAddress)) return null;
  const port = span.text(SpanKey.serverPort);
  const address = port ? `${span.text(SpanKey.serverAddress)}:${port}` : span.text(SpanKey.serverAddress);
  return { source: service, target: `external:${address}`, kind: 'external', system: '', side: 'client' };
}

function topicOf(span: SpanReader): string {
  return `topic:${span.text(SpanKey.destination) || 'unnamed'}`;
}

function systemOf(span: SpanReader): string {
  return span.text(SpanKey.messagingSystem);
}

/** Gathers the edges of one record. */
export class EdgeGatherer {
  readonly #keys = new TupleTable();
  /** By the number of the key; null where it couples nothing. */
  readonly #gathered: (EdgeDelta | null)[] = [];
  readonly #byKey = new Map<string, EdgeDelta>();
  readonly #texts: TextIds;

  constructor(texts: TextIds) {
    this.#texts = texts;
  }

  /** @param resource number of `self` among the record's resources */
  add(
    columns: SpanColumns,
    row: number,
    span: SpanReader,
    self: ResourceFacts,
    resource: number,
    minute: number,
    nanos: number,
    error: boolean,
    synthetic: boolean,
  ): void {
    const edge = this.#edgeOf(columns, row, span, self, resource, minute, synthetic);
    if (!edge) return;
    edge.count++;
    addDuration(edge.durations, nanos);
    if (!error) return;
    edge.errors++;
    const kind = failureKind(span.text(SpanKey.errorType), span.number(SpanKey.httpStatus));
    if (kind) edge.failures[kind] = (edge.failures[kind] ?? 0) + 1;
  }

  edges(): EdgeDelta[] {
    return [...this.#byKey.values()];
  }

  /** Spans that agree in everything {@link couplingOf} reads couple the same: it is asked for the first of them. */
  #edgeOf(
    columns: SpanColumns,
    row: number,
    span: SpanReader,
    self: ResourceFacts,
    resource: number,
    minute: number,
    synthetic: boolean,
  ): EdgeDelta | null {
    const texts = this.#texts;
    const kind = columns.kind[row] as number;
    let what = kind * 2 + Number(synthetic);
    let a = -1;
    let b = -1;
    if (kind === CLIENT) {
      const system = span.id(SpanKey.dbSystem, texts);
      if (system !== -1) {
        what += 16;
        a = system;
        const namespace = span.id(SpanKey.dbNamespace, texts);
        const named = namespace < -1 || (namespace >= 0 && texts.textOf(namespace) !== '');
        b = named ? namespace : -2 - span.id(SpanKey.serverAddress, texts);
      } else if (span.has(SpanKey.messagingSystem)) {
        what += 32;
        a = span.id(SpanKey.destination, texts);
        b = span.id(SpanKey.messagingSystem, texts);
      } else if (span.has(SpanKey.peerService)) {
        what += 48;
        a = span.id(SpanKey.peerService, texts);
      } else {
        a = span.id(SpanKey.serverAddress, texts);
        b = span.id(SpanKey.serverPort, texts);
      }
    } else if (kind === SERVER) {
      if (columns.parentSpanId[row] !== ABSENT) what += 16;
      const length = columns.traceState.length[row] as number;
      if (length > 0) a = texts.idOf(columns.traceState.offset[row] as number, length);
    } else if (kind === PRODUCER || kind === CONSUMER) {
      a = span.id(SpanKey.destination, texts);
      b = span.id(SpanKey.messagingSystem, texts);
    } else return null;
    const number = this.#keys.numberOf(resource, minute, what, a, b);
    if (number === this.#gathered.length) this.#gathered.push(this.#add(columns, row, span, self, minute, synthetic));
    return this.#gathered[number] as EdgeDelta | null;
  }

  #add(
    columns: SpanColumns,
    row: number,
    span: SpanReader,
    self: ResourceFacts,
    minute: number,
    synthetic: boolean,
  ): EdgeDelta | null {
    const coupling = couplingOf(columns, row, span, self);
    if (!coupling) return null;
    const { environment } = self;
    const { source, target, kind, system, side } = coupling;
    const key = [minute, source, target, kind, system, side, synthetic, environment].join('\0');
    let edge = this.#byKey.get(key);
    if (!edge) {
      edge = {
        ...coupling,
        minuteMs: minute * MINUTE_MS,
        environment,
        synthetic,
        count: 0,
        errors: 0,
        failures: {},
        durations: new Map(),
        sample: {
          traceId: hexAt(columns.bytes, columns.traceId[row] as number, 16),
          spanId: hexAt(columns.bytes, columns.spanId[row] as number, 8),
        },
      };
      this.#byKey.set(key, edge);
    }
    return edge;
  }
}
