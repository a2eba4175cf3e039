import { addDuration } from './duration-buckets.js';
import type { RedDelta } from './projection.js';
import type { ResourceFacts } from './resource-facts.js';

/** Operations of one service that one record may name; the rest counts under {@link OVERFLOW}. */
const MAX_OPERATIONS = 500;

/** The operation that calls beyond the cap are counted under: visible, so that nobody wonders. */
export const OVERFLOW = '(other operations)';

/** Gathers the requests of one record. */
export class RedGatherer {
  readonly #deltas = new Map<string, RedDelta>();
  readonly #operations = new Map<string, Set<string>>();

  add(
    self: ResourceFacts,
    request: {
      operation: string;
      kind: RedDelta['kind'];
      minuteMs: number;
      nanos: number;
      endNano: bigint;
      error: boolean;
      synthetic: boolean;
    },
  ): void {
    const operation = this.#capped(self.service, request.operation);
    const key = [
      request.minuteMs,
      self.service,
      self.instance,
      self.version,
      request.kind,
      operation,
      request.synthetic,
      self.environment,
    ].join('\0');
    let delta = this.#deltas.get(key);
    if (!delta) {
      const { service, environment, version, instance, host, language, track } = self;
      delta = {
        minuteMs: request.minuteMs,
        service,
        environment,
        version,
        instance,
        host,
        language,
        track,
        operation,
        kind: request.kind,
        synthetic: request.synthetic,
        count: 0,
        errors: 0,
        durations: new Map(),
        lastNano: 0n,
      };
      this.#deltas.set(key, delta);
    }
    delta.count++;
    if (request.error) delta.errors++;
    if (request.endNano > delta.lastNano) delta.lastNano = request.endNano;
    addDuration(delta.durations, request.nanos);
  }

  #capped(service: string, operation: string): string {
    let known = this.#operations.get(service);
    if (!known) this.#operations.set(service, (known = new Set()));
    if (known.has(operation)) return operation;
    if (known.size >= MAX_OPERATIONS) return OVERFLOW;
    known.add(operation);
    return operation;
  }

  deltas(): RedDelta[] {
    return [...this.#deltas.values()];
  }
}
