import { hexAt } from '../decode/text.js';
import type { TraceDelta } from './projection.js';

/** Gathers the parts of traces that one record holds. */
export class TraceGatherer {
  readonly #traces = new Map<string, TraceDelta>();
  #lastKey = '';
  #last: TraceDelta | undefined;

  /** The part of the trace whose id stands at `offset`; made on first sight. */
  part(bytes: Uint8Array, offset: number, environment: string): TraceDelta {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + offset, 16).toString('latin1');
    if (this.#last && key === this.#lastKey) return this.#last;
    let part = this.#traces.get(key);
    if (!part) {
      part = {
        traceId: hexAt(bytes, offset, 16),
        startNano: 0n,
        endNano: 0n,
        spans: 0,
        errors: 0,
        root: null,
        services: [],
        environment,
        correlationId: '',
        sagaId: '',
        synthetic: false,
        syntheticCheck: '',
      };
      this.#traces.set(key, part);
    }
    this.#lastKey = key;
    this.#last = part;
    return part;
  }

  parts(): TraceDelta[] {
    return [...this.#traces.values()];
  }
}

/** Counts one span in its trace's part. */
export function countSpan(part: TraceDelta, service: string, startNano: bigint, endNano: bigint, error: boolean): void {
  if (part.spans === 0 || startNano < part.startNano) part.startNano = startNano;
  if (endNano > part.endNano) part.endNano = endNano;
  part.spans++;
  if (error) part.errors++;
  let known = part.services.find((s) => s.service === service);
  if (!known) part.services.push((known = { service, spans: 0, errors: 0, firstNano: startNano }));
  known.spans++;
  if (error) known.errors++;
  if (startNano < known.firstNano) known.firstNano = startNano;
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
