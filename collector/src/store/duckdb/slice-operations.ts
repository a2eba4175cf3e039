import { Params } from './read/params.js';
import type { QueryRunner } from './read/query-runner.js';
import type { Slice } from './slice.js';
import type { Slices } from './slices.js';

interface Operation {
  service: string;
  name: string;
  longestNano: bigint;
}

/** What a span is asked to be; what is left out may be anything. */
export interface WantedSpan {
  service?: string | undefined;
  name?: string | undefined;
  leastNano: bigint;
}

/** Operations that are held, of all slices; those of slices that were not asked for the longest go first. */
const MAX_HELD = 200_000;
/** Slices that are read in one statement. */
const AT_ONCE = 32;

/**
 * Which operations a sealed slice has, and how long the longest span of each took, held once they were read: a search
 * for a slow operation leaves out the slices that have none.
 */
export class SliceOperations {
  readonly #slices: Slices;
  readonly #runner: QueryRunner;
  /** By catalog, least recently used first. */
  readonly #held = new Map<string, Operation[]>();
  #count = 0;

  constructor(slices: Slices, runner: QueryRunner) {
    this.#slices = slices;
    this.#runner = runner;
  }

  /** Those of `slices` that have such a span, and those that do not know. */
  async having(wanted: WantedSpan, slices: readonly Slice[], signal: AbortSignal): Promise<Slice[]> {
    const known = await this.#of(
      slices.filter(({ sealed }) => sealed?.operations === true),
      signal,
    );
    return slices.filter((slice) => {
      const operations = known.get(slice);
      return operations === undefined || operations.some((operation) => fits(operation, wanted));
    });
  }

  /** Reads those of the newest slices, so that the first question need not. */
  async warmUp(signal: AbortSignal): Promise<void> {
    for (const slice of this.#slices.all().reverse()) {
      if (signal.aborted || this.#count > MAX_HELD / 2) return;
      if (slice.sealed?.operations) await this.#of([slice], signal).catch(() => undefined);
    }
  }

  async #of(slices: readonly Slice[], signal: AbortSignal): Promise<Map<Slice, Operation[]>> {
    const known = new Map<Slice, Operation[]>();
    const missing: Slice[] = [];
    for (const slice of slices) {
      const held = this.#held.get(slice.catalog);
      if (!held) missing.push(slice);
      else {
        known.set(slice, held);
        this.#held.delete(slice.catalog);
        this.#held.set(slice.catalog, held);
      }
    }
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      const some = missing.slice(at, at + AT_ONCE);
      for (const [slice, operations] of await this.#read(some, signal)) known.set(slice, operations);
    }
    return known;
  }

  async #read(slices: readonly Slice[], signal: AbortSignal): Promise<Map<Slice, Operation[]>> {
    const read = new Map<Slice, Operation[]>(slices.map((slice) => [slice, []]));
    await Promise.all(slices.map((slice) => this.#slices.attach(slice)));
    // A slice may be sealed anew from now on: its file is then another.
    const catalogs = slices.map(({ catalog }) => catalog);
    const parts = catalogs.map(
      (catalog, place) => `SELECT ${place} AS place, service, name, longest_nano FROM ${catalog}.operations`,
    );
    for (const row of await this.#runner.rows(parts.join(' UNION ALL '), new Params(), signal)) {
      read.get(slices[row.place as number] as Slice)?.push({
        service: row.service as string,
        name: row.name as string,
        longestNano: row.longest_nano as bigint,
      });
    }
    slices.forEach((slice, place) => this.#hold(catalogs[place] as string, read.get(slice) as Operation[]));
    return read;
  }

  #hold(catalog: string, operations: Operation[]): void {
    // What an empty slice takes counts, too.
    this.#count += operations.length + 1 - this.#sizeOf(catalog);
    this.#held.set(catalog, operations);
    for (const oldest of this.#held.keys()) {
      if (this.#count <= MAX_HELD || oldest === catalog) return;
      this.#count -= this.#sizeOf(oldest);
      this.#held.delete(oldest);
    }
  }

  #sizeOf(catalog: string): number {
    const held = this.#held.get(catalog);
    return held ? held.length + 1 : 0;
  }
}

function fits({ service, name, longestNano }: Operation, wanted: WantedSpan): boolean {
  return (
    (wanted.service === undefined || wanted.service === service) &&
    (wanted.name === undefined || wanted.name === name) &&
    longestNano >= wanted.leastNano
  );
}
