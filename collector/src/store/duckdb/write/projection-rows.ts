import type { EdgeDelta, Projection, RedDelta, TraceDelta } from '../../../project/projection.js';
import { factText } from '../fact-text.js';
import { IdColumn, NumberColumn, NumberListColumn, TextColumn } from './column.js';
import type { NativeHeap } from './native-heap.js';
import { Stage } from './stage.js';

/** The last instant a time column holds. */
const LAST = (1n << 63n) - 1n;

/** Stages what a commit says beyond its rows. */
export class ProjectionRows {
  readonly #red = new Stage('red', redColumns);
  readonly #edges = new Stage('edges', edgeColumns);
  readonly #traces = new Stage('traces', traceColumns);
  readonly #sagas = new Stage('sagas', sagaColumns);
  readonly #breakers = new Stage('breakers', breakerColumns);
  readonly #senders = new Stage('senders', senderColumns);

  get stages() {
    return [this.#red, this.#edges, this.#traces, this.#sagas, this.#breakers, this.#senders];
  }

  add(projection: Projection): void {
    for (const delta of projection.red) this.#addRed(delta);
    for (const delta of projection.edges) this.#addEdge(delta);
    for (const delta of projection.traces) this.#addTrace(delta);
    this.#addFacts(projection);
  }

  #addRed(delta: RedDelta): void {
    const row = this.#red.next();
    const { columns } = this.#red;
    columns.minute.data[row] = BigInt(delta.minuteMs);
    for (const name of RED_TEXTS) columns[name].set(row, delta[name]);
    columns.synthetic.data[row] = Number(delta.synthetic);
    columns.count.data[row] = delta.count;
    columns.errors.data[row] = delta.errors;
    columns.buckets.set(row, delta.durations.keys());
    columns.bucketCounts.set(row, delta.durations.values());
    columns.last.data[row] = time(delta.lastNano);
  }

  #addEdge(delta: EdgeDelta): void {
    const row = this.#edges.next();
    const { columns } = this.#edges;
    columns.minute.data[row] = BigInt(delta.minuteMs);
    for (const name of EDGE_TEXTS) columns[name].set(row, delta[name]);
    columns.synthetic.data[row] = Number(delta.synthetic);
    columns.side.set(row, delta.side);
    columns.count.data[row] = delta.count;
    columns.errors.data[row] = delta.errors;
    columns.buckets.set(row, delta.durations.keys());
    columns.bucketCounts.set(row, delta.durations.values());
    for (const kind of FAILURES) columns[kind].data[row] = delta.failures[kind] ?? 0;
    if (delta.sample.traceId !== '') columns.sampleTrace.setHex(row, delta.sample.traceId);
    if (delta.sample.spanId !== '') columns.sampleSpan.setHex(row, delta.sample.spanId);
  }

  #addTrace(delta: TraceDelta): void {
    const row = this.#traces.next();
    const { columns } = this.#traces;
    columns.traceId.setHex(row, delta.traceId);
    columns.start.data[row] = time(delta.startNano);
    columns.end.data[row] = time(delta.endNano);
    columns.spans.data[row] = delta.spans;
    columns.errors.data[row] = delta.errors;
    columns.hasRoot.data[row] = delta.root ? 1 : 0;
    columns.rootService.set(row, delta.root?.service ?? '');
    columns.rootName.set(row, delta.root?.name ?? '');
    columns.rootStart.data[row] = time(delta.root?.startNano ?? 0n);
    columns.rootDuration.data[row] = time(delta.root?.durationNano ?? 0n);
    columns.environment.set(row, delta.environment);
    columns.correlationId.set(row, delta.correlationId);
    columns.sagaId.set(row, delta.sagaId);
    columns.synthetic.data[row] = Number(delta.synthetic);
    columns.syntheticCheck.set(row, delta.syntheticCheck);
    columns.services.set(row, factText(delta.services));
  }

  #addFacts(projection: Projection): void {
    for (const fact of projection.sagas) {
      const row = this.#sagas.next();
      const { columns } = this.#sagas;
      columns.sagaId.set(row, fact.sagaId);
      columns.sagaName.set(row, fact.sagaName);
      columns.environment.set(row, fact.environment);
      columns.time.data[row] = time(fact.timeNano);
      columns.traceId.set(row, fact.traceId);
      columns.correlationId.set(row, fact.correlationId);
      columns.synthetic.data[row] = Number(fact.synthetic);
      columns.fact.set(row, factText(fact));
    }
    for (const fact of projection.breakers) {
      const row = this.#breakers.next();
      const { columns } = this.#breakers;
      columns.service.set(row, fact.service);
      columns.name.set(row, fact.name);
      columns.environment.set(row, fact.environment);
      columns.time.data[row] = time(fact.timeNano);
      columns.kind.set(row, fact.kind);
      columns.fact.set(row, factText(fact));
    }
    for (const fact of projection.senders) {
      const row = this.#senders.next();
      const { columns } = this.#senders;
      columns.service.set(row, fact.service);
      columns.environment.set(row, fact.environment);
      columns.sdk.set(row, fact.sdk);
      columns.sdkVersion.set(row, fact.sdkVersion);
      columns.language.set(row, fact.language);
      columns.last.data[row] = time(fact.lastNano);
    }
  }
}

const RED_TEXTS = [
  'service',
  'environment',
  'version',
  'instance',
  'host',
  'language',
  'track',
  'operation',
  'kind',
] as const;
const EDGE_TEXTS = ['source', 'target', 'kind', 'system', 'environment'] as const;
const SAGA_TEXTS = ['sagaId', 'sagaName', 'environment'] as const;
const SAGA_IDS = ['traceId', 'correlationId'] as const;
const BREAKER_TEXTS = ['service', 'name', 'environment'] as const;
const BREAKER_FACT = ['kind', 'fact'] as const;
const SENDER_TEXTS = ['service', 'environment', 'sdk', 'sdkVersion', 'language'] as const;
const FAILURES = ['crash', 'omission', 'timing', 'response', 'arbitrary'] as const;

function time(nano: bigint): bigint {
  return nano > LAST ? LAST : nano;
}

function texts<Name extends string>(heap: NativeHeap, names: readonly Name[]): Record<Name, TextColumn> {
  return Object.fromEntries(names.map((name) => [name, new TextColumn(heap)])) as Record<Name, TextColumn>;
}

function figures() {
  return {
    count: new NumberColumn('double'),
    errors: new NumberColumn('double'),
    buckets: new NumberListColumn('smallint'),
    bucketCounts: new NumberListColumn('uinteger'),
  };
}

function redColumns(heap: NativeHeap) {
  return {
    minute: new NumberColumn('bigint'),
    ...texts(heap, RED_TEXTS),
    synthetic: new NumberColumn('utinyint'),
    ...figures(),
    last: new NumberColumn('bigint'),
  };
}

function edgeColumns(heap: NativeHeap) {
  return {
    minute: new NumberColumn('bigint'),
    ...texts(heap, EDGE_TEXTS),
    synthetic: new NumberColumn('utinyint'),
    side: new TextColumn(heap),
    ...figures(),
    crash: new NumberColumn('double'),
    omission: new NumberColumn('double'),
    timing: new NumberColumn('double'),
    response: new NumberColumn('double'),
    arbitrary: new NumberColumn('double'),
    sampleTrace: new IdColumn(16),
    sampleSpan: new IdColumn(8),
  };
}

function traceColumns(heap: NativeHeap) {
  return {
    traceId: new IdColumn(16),
    start: new NumberColumn('bigint'),
    end: new NumberColumn('bigint'),
    spans: new NumberColumn('uinteger'),
    errors: new NumberColumn('uinteger'),
    hasRoot: new NumberColumn('utinyint'),
    rootService: new TextColumn(heap),
    rootName: new TextColumn(heap),
    rootStart: new NumberColumn('bigint'),
    rootDuration: new NumberColumn('bigint'),
    environment: new TextColumn(heap),
    correlationId: new TextColumn(heap),
    sagaId: new TextColumn(heap),
    synthetic: new NumberColumn('utinyint'),
    syntheticCheck: new TextColumn(heap),
    services: new TextColumn(heap),
  };
}

function sagaColumns(heap: NativeHeap) {
  return {
    ...texts(heap, SAGA_TEXTS),
    time: new NumberColumn('bigint'),
    ...texts(heap, SAGA_IDS),
    synthetic: new NumberColumn('utinyint'),
    fact: new TextColumn(heap),
  };
}

function breakerColumns(heap: NativeHeap) {
  return {
    ...texts(heap, BREAKER_TEXTS),
    time: new NumberColumn('bigint'),
    ...texts(heap, BREAKER_FACT),
  };
}

function senderColumns(heap: NativeHeap) {
  return {
    ...texts(heap, SENDER_TEXTS),
    last: new NumberColumn('bigint'),
  };
}
