import { addDuration } from './duration-buckets.js';
import type { RedDelta } from './projection.js';
import type { ResourceFacts } from './resource-facts.js';
import { Moment } from './span-time.js';
import type { TextIds } from './text-ids.js';
import { TupleTable } from './tuple-table.js';

const MINUTE_MS = 60_000;

/** Operations of one service that one record may name; the rest counts under {@link OVERFLOW}. */
const MAX_OPERATIONS = 500;

/** The operation that calls beyond the cap are counted under: visible, so that nobody wonders. */
export const OVERFLOW = '(other operations)';

interface Gathered {
  delta: RedDelta;
  last: Moment;
}

/** Gathers the requests of one record. */
export class RedGatherer {
  readonly #keys = new TupleTable();
  readonly #gathered: Gathered[] = [];
  readonly #byKey = new Map<string, Gathered>();
  readonly #operations = new Map<string, Set<string>>();
  readonly #texts: TextIds;

  constructor(texts: TextIds) {
    this.#texts = texts;
  }

  /**
   * @param resource number of `self` among the record's resources
   * @param operation id of the operation's name among the record's texts
   */
  add(
    self: ResourceFacts,
    resource: number,
    operation: number,
    kind: RedDelta['kind'],
    synthetic: boolean,
    minute: number,
    nanos: number,
    endHigh: number,
    endLow: number,
    error: boolean,
  ): void {
    const flags = (kind === 'server' ? 1 : 0) | (synthetic ? 2 : 0);
    const number = this.#keys.numberOf(resource, operation, minute, flags, 0);
    const gathered = this.#gathered[number] ?? this.#add(self, operation, kind, synthetic, minute);
    const { delta } = gathered;
    delta.count++;
    if (error) delta.errors++;
    gathered.last.raise(endHigh, endLow);
    addDuration(delta.durations, nanos);
  }

  deltas(): RedDelta[] {
    return [...this.#byKey.values()].map(({ delta, last }) => ({ ...delta, lastNano: last.nano }));
  }

  /** Resources may say the same, and operations beyond the cap do: their requests are one delta. */
  #add(self: ResourceFacts, operation: number, kind: RedDelta['kind'], synthetic: boolean, minute: number): Gathered {
    const { service, environment, version, instance, host, language, track } = self;
    const name = this.#capped(service, this.#texts.textOf(operation));
    const key = [minute, service, environment, version, instance, host, language, track, name, kind, synthetic].join(
      '\0',
    );
    let gathered = this.#byKey.get(key);
    if (!gathered) {
      const delta: RedDelta = {
        minuteMs: minute * MINUTE_MS,
        service,
        environment,
        version,
        instance,
        host,
        language,
        track,
        operation: name,
        kind,
        synthetic,
        count: 0,
        errors: 0,
        durations: new Map(),
        lastNano: 0n,
      };
      gathered = { delta, last: new Moment() };
      this.#byKey.set(key, gathered);
    }
    this.#gathered.push(gathered);
    return gathered;
  }

  #capped(service: string, operation: string): string {
    let known = this.#operations.get(service);
    if (!known) this.#operations.set(service, (known = new Set()));
    if (known.has(operation)) return operation;
    if (known.size >= MAX_OPERATIONS) return OVERFLOW;
    known.add(operation);
    return operation;
  }
}
