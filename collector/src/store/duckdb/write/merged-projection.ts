import { mergeBuckets } from '../../../project/duration-buckets.js';
import { emptyProjection } from '../../../project/empty-projection.js';
import { mergeEdge } from '../../../project/map/fold-map.js';
import type { EdgeDelta, Projection, RedDelta, SenderFact, TraceDelta } from '../../../project/projection.js';
import { mergeTrace } from '../../../project/trace-gatherer.js';

/** The projections of all records of a commit as one: fewer, larger deltas. */
export class MergedProjection {
  readonly #red = new Map<string, RedDelta>();
  readonly #edges = new Map<string, EdgeDelta>();
  readonly #traces = new Map<string, TraceDelta>();
  readonly #senders = new Map<string, SenderFact>();
  readonly #facts = emptyProjection();

  add(projection: Projection): void {
    for (const delta of projection.red) put(this.#red, redKey(delta), delta, mergeRed);
    for (const delta of projection.edges) put(this.#edges, edgeKey(delta), delta, mergeEdge);
    for (const delta of projection.traces) put(this.#traces, delta.traceId, delta, mergeTrace);
    for (const fact of projection.senders) {
      put(this.#senders, `${fact.service}\0${fact.environment}\0${fact.sdk}\0${fact.sdkVersion}`, fact, newerSender);
    }
    for (const fact of projection.sagas) this.#facts.sagas.push(fact);
    for (const fact of projection.breakers) this.#facts.breakers.push(fact);
  }

  result(): Projection {
    return {
      red: [...this.#red.values()],
      edges: [...this.#edges.values()],
      traces: [...this.#traces.values()],
      senders: [...this.#senders.values()],
      sagas: this.#facts.sagas,
      breakers: this.#facts.breakers,
    };
  }
}

function put<Value>(map: Map<string, Value>, key: string, value: Value, merge: (into: Value, from: Value) => unknown) {
  const known = map.get(key);
  if (known === undefined) map.set(key, value);
  else merge(known, value);
}

function redKey(delta: RedDelta): string {
  return `${delta.minuteMs}\0${delta.service}\0${delta.environment}\0${delta.version}\0${delta.instance}\0${delta.host}\0${delta.language}\0${delta.track}\0${delta.operation}\0${delta.kind}\0${delta.synthetic}`;
}

function edgeKey(delta: EdgeDelta): string {
  return `${delta.minuteMs}\0${delta.source}\0${delta.target}\0${delta.kind}\0${delta.system}\0${delta.environment}\0${delta.synthetic}\0${delta.side}`;
}

function mergeRed(into: RedDelta, from: RedDelta): void {
  into.count += from.count;
  into.errors += from.errors;
  if (from.lastNano > into.lastNano) into.lastNano = from.lastNano;
  mergeBuckets(into.durations, from.durations);
}

function newerSender(into: SenderFact, from: SenderFact): void {
  if (from.lastNano > into.lastNano) into.lastNano = from.lastNano;
}
