import { mergeBuckets } from '../../project/duration-buckets.js';
import { mergeEdge } from '../../project/map/fold-map.js';
import type { DurationBuckets, EdgeDelta, RedDelta, SenderFact, TraceDelta } from '../../project/projection.js';
import { mergeTrace } from '../../project/trace-gatherer.js';
import { indexedTime } from './indexed-time.js';
import { traceDocument } from './trace-document.js';
import type { JsonBytes } from './write/json-bytes.js';
import type { Merging } from './write/merging.js';

type Source = Record<string, unknown>;

/** JSON of a delta: whole numbers of 64 bits as text, buckets as pairs. */
function plain(delta: object): Source {
  return Object.fromEntries(
    Object.entries(delta).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? value.toString() : value instanceof Map ? [...value] : value,
    ]),
  );
}

/** An object as JSON without its last brace: more members follow. */
function writeJson(out: JsonBytes, members: Source): void {
  out.utf8(JSON.stringify(members).slice(0, -1));
}

function bucketsOf(pairs: unknown): DurationBuckets {
  return new Map(pairs as [number, number][]);
}

export const redMerging: Merging<RedDelta> = {
  copy: (delta) => ({ ...delta, durations: new Map(delta.durations) }),
  merge(into, from) {
    into.count += from.count;
    into.errors += from.errors;
    if (from.lastNano > into.lastNano) into.lastNano = from.lastNano;
    mergeBuckets(into.durations, from.durations);
  },
  write: (out, delta) =>
    writeJson(out, {
      minute: delta.minuteMs,
      service: delta.service,
      environment: delta.environment,
      synthetic: delta.synthetic,
      operation: delta.operation,
      delta: plain(delta),
    }),
  read: (source) => redOf(source),
};

export function redOf(source: Source): RedDelta {
  const delta = source['delta'] as Source;
  return {
    ...(delta as unknown as RedDelta),
    durations: bucketsOf(delta['durations']),
    lastNano: BigInt(delta['lastNano'] as string),
  };
}

/** Everything that tells one figure from another: all but the figures. */
export function redKey(delta: RedDelta): string {
  const { count: _count, errors: _errors, durations: _durations, lastNano: _last, ...key } = delta;
  return JSON.stringify(key);
}

export const edgeMerging: Merging<EdgeDelta> = {
  copy: (delta) => ({ ...delta, failures: { ...delta.failures }, durations: new Map(delta.durations) }),
  merge: (into, from) => void mergeEdge(into, from),
  write: (out, delta) =>
    writeJson(out, {
      minute: delta.minuteMs,
      source: delta.source,
      target: delta.target,
      environment: delta.environment,
      synthetic: delta.synthetic,
      delta: plain(delta),
    }),
  read: (source) => edgeOf(source),
};

export function edgeOf(source: Source): EdgeDelta {
  const delta = source['delta'] as Source;
  return { ...(delta as unknown as EdgeDelta), durations: bucketsOf(delta['durations']) };
}

export function edgeKey(delta: EdgeDelta): string {
  const { count: _count, errors: _errors, failures: _failures, durations: _durations, sample: _sample, ...key } = delta;
  return JSON.stringify(key);
}

export const traceMerging: Merging<TraceDelta> = {
  copy: (delta) => ({ ...delta, services: delta.services.map((service) => ({ ...service })) }),
  merge: (into, from) => void mergeTrace(into, from),
  write: traceDocument,
  read: (source) => traceOf(source),
};

export function traceOf(source: Source): TraceDelta {
  const state = source['state'] as Source;
  const root = state['root'] as Record<'service' | 'name' | 'startNano' | 'durationNano', string> | null;
  const services = state['services'] as { service: string; spans: number; errors: number; firstNano: string }[];
  return {
    ...(state as unknown as TraceDelta),
    startNano: BigInt(state['startNano'] as string),
    endNano: BigInt(state['endNano'] as string),
    root: root && {
      service: root.service,
      name: root.name,
      startNano: BigInt(root.startNano),
      durationNano: BigInt(root.durationNano),
    },
    services: services.map((service) => ({ ...service, firstNano: BigInt(service.firstNano) })),
  };
}

export const senderMerging: Merging<SenderFact> = {
  copy: (fact) => ({ ...fact }),
  merge(into, from) {
    if (from.lastNano > into.lastNano) into.lastNano = from.lastNano;
  },
  write: (out, fact) => writeJson(out, { last_seen: indexedTime(fact.lastNano), state: plain(fact) }),
  read: (source) => senderOf(source),
};

export function senderOf(source: Source): SenderFact {
  const state = source['state'] as Source;
  return { ...(state as unknown as SenderFact), lastNano: BigInt(state['lastNano'] as string) };
}
