import { hexAt } from '../decode/text.js';
import type { TraceDelta } from './projection.js';
import { Moment } from './span-time.js';
import { TupleTable } from './tuple-table.js';

interface ServicePart {
  service: string;
  spans: number;
  errors: number;
  first: Moment;
}

/** Part of a trace while it is gathered: what changes with every span is no bigint. */
export class TracePart {
  readonly #start = new Moment();
  readonly #end = new Moment();
  readonly #services: ServicePart[] = [];
  readonly #traceId: string;
  readonly #environment: string;
  #service: ServicePart | null = null;
  #spans = 0;
  #errors = 0;
  root: TraceDelta['root'] = null;
  correlationId = '';
  sagaId = '';
  synthetic = false;
  syntheticCheck = '';

  constructor(traceId: string, environment: string) {
    this.#traceId = traceId;
    this.#environment = environment;
  }

  /** Counts one span. Times by halves, high first. */
  count(service: string, startHigh: number, startLow: number, endHigh: number, endLow: number, error: boolean): void {
    if (this.#spans === 0) this.#start.set(startHigh, startLow);
    else this.#start.lower(startHigh, startLow);
    this.#end.raise(endHigh, endLow);
    this.#spans++;
    let part = this.#service;
    if (part === null || part.service !== service) {
      part = this.#services.find((known) => known.service === service) ?? this.#add(service, startHigh, startLow);
      this.#service = part;
    }
    part.spans++;
    part.first.lower(startHigh, startLow);
    if (!error) return;
    this.#errors++;
    part.errors++;
  }

  delta(): TraceDelta {
    const { root, correlationId, sagaId, synthetic, syntheticCheck } = this;
    return {
      traceId: this.#traceId,
      startNano: this.#start.nano,
      endNano: this.#end.nano,
      spans: this.#spans,
      errors: this.#errors,
      root,
      services: this.#services.map(({ service, spans, errors, first }) => ({
        service,
        spans,
        errors,
        firstNano: first.nano,
      })),
      environment: this.#environment,
      correlationId,
      sagaId,
      synthetic,
      syntheticCheck,
    };
  }

  #add(service: string, startHigh: number, startLow: number): ServicePart {
    const part = { service, spans: 0, errors: 0, first: new Moment() };
    part.first.set(startHigh, startLow);
    this.#services.push(part);
    return part;
  }
}

/** Gathers the parts of traces that one record holds. */
export class TraceGatherer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #ids = new TupleTable();
  readonly #parts: TracePart[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The part of the trace whose id stands at `offset`; made on first sight. */
  part(offset: number, environment: string): TracePart {
    const view = this.#view;
    const number = this.#ids.numberOf(
      view.getInt32(offset),
      view.getInt32(offset + 4),
      view.getInt32(offset + 8),
      view.getInt32(offset + 12),
      0,
    );
    const known = this.#parts[number];
    if (known) return known;
    const part = new TracePart(hexAt(this.#bytes, offset, 16), environment);
    this.#parts.push(part);
    return part;
  }

  parts(): TraceDelta[] {
    return this.#parts.map((part) => part.delta());
  }
}

/** Adds `from` to `into`, which the caller owns: summaries are the merge of all parts, in any order. */
export function mergeTrace(into: TraceDelta, from: TraceDelta): TraceDelta {
  if (from.startNano < into.startNano) into.startNano = from.startNano;
  if (from.endNano > into.endNano) into.endNano = from.endNano;
  into.spans += from.spans;
  into.errors += from.errors;
  if (from.root && (!into.root || from.root.startNano < into.root.startNano)) into.root = from.root;
  for (const service of from.services) {
    const known = into.services.find((s) => s.service === service.service);
    if (!known) {
      into.services.push({ ...service });
      continue;
    }
    known.spans += service.spans;
    known.errors += service.errors;
    if (service.firstNano < known.firstNano) known.firstNano = service.firstNano;
  }
  into.environment ||= from.environment;
  into.correlationId ||= from.correlationId;
  into.sagaId ||= from.sagaId;
  into.synthetic ||= from.synthetic;
  into.syntheticCheck ||= from.syntheticCheck;
  return into;
}
