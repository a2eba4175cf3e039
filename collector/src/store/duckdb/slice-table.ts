import { Params } from './read/params.js';
import type { QueryRunner, Row } from './read/query-runner.js';
import type { Slice } from './slice.js';
import type { SliceFacts } from './slice-facts.js';
import type { Slices } from './slices.js';

export interface SliceTableOptions<Entry> {
  /** A small table that sealed slices have. */
  table: string;
  columns: string;
  entryOf: (row: Row) => Entry;
  /** Whether a sealed slice has the table. */
  isThere: (facts: SliceFacts) => boolean;
  /** Entries of one slice; of a slice that has more none is known. */
  most: number;
  /** Entries that are held, of all slices; those of slices that were not asked for the longest go first. */
  maxHeld: number;
}

/** Slices that are read in one statement. */
const AT_ONCE = 32;

/** One small table of all sealed slices, held once it was read: within a file it never changes. */
export class SliceTable<Entry> {
  readonly #slices: Slices;
  readonly #runner: QueryRunner;
  readonly #options: SliceTableOptions<Entry>;
  /** By catalog, least recently used first. */
  readonly #held = new Map<string, Entry[] | null>();
  #count = 0;

  constructor(slices: Slices, runner: QueryRunner, options: SliceTableOptions<Entry>) {
    this.#slices = slices;
    this.#runner = runner;
    this.#options = options;
  }

  /** The entries of those of `slices` that are sealed and have the table, not too many of them, in their order. */
  async of(slices: readonly Slice[], signal: AbortSignal): Promise<Map<Slice, readonly Entry[]>> {
    const known = new Map<Slice, Entry[] | null>();
    const missing: Slice[] = [];
    for (const slice of slices) {
      if (!slice.sealed || !this.#options.isThere(slice.sealed)) continue;
      const held = this.#held.get(slice.catalog);
      known.set(slice, held ?? null);
      if (held === undefined) missing.push(slice);
      else {
        this.#held.delete(slice.catalog);
        this.#held.set(slice.catalog, held);
      }
    }
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      const some = missing.slice(at, at + AT_ONCE);
      for (const [slice, entries] of await this.#read(some, signal)) known.set(slice, entries);
    }
    return new Map([...known].flatMap(([slice, entries]) => (entries === null ? [] : [[slice, entries] as const])));
  }

  /** Reads that of the newest slices, so that the first question need not. */
  async warmUp(signal: AbortSignal): Promise<void> {
    for (const slice of this.#slices.all().reverse()) {
      if (signal.aborted || this.#count > this.#options.maxHeld / 2) return;
      await this.of([slice], signal).catch(() => undefined);
    }
  }

  async #read(slices: readonly Slice[], signal: AbortSignal): Promise<Map<Slice, Entry[] | null>> {
    const { table, columns, entryOf, most } = this.#options;
    const read = new Map<Slice, Entry[] | null>(slices.map((slice) => [slice, []]));
    await Promise.all(slices.map((slice) => this.#slices.attach(slice)));
    // A slice may be sealed anew from now on: its file is then another.
    const catalogs = slices.map(({ catalog }) => catalog);
    const limit = Number.isFinite(most) ? `LIMIT ${most + 1}` : '';
    const parts = catalogs.map(
      (catalog, place) => `(SELECT ${place} AS place, ${columns} FROM ${catalog}.${table} ${limit})`,
    );
    for (const row of await this.#runner.rows(parts.join(' UNION ALL '), new Params(), signal)) {
      read.get(slices[row.place as number] as Slice)?.push(entryOf(row));
    }
    slices.forEach((slice, place) => {
      if ((read.get(slice)?.length ?? 0) > most) read.set(slice, null);
      this.#hold(catalogs[place] as string, read.get(slice) ?? null);
    });
    return read;
  }

  #hold(catalog: string, entries: Entry[] | null): void {
    // An empty table takes its place, too.
    this.#count += (entries?.length ?? 0) + 1 - this.#sizeOf(catalog);
    this.#held.set(catalog, entries);
    for (const oldest of this.#held.keys()) {
      if (this.#count <= this.#options.maxHeld || oldest === catalog) return;
      this.#count -= this.#sizeOf(oldest);
      this.#held.delete(oldest);
    }
  }

  #sizeOf(catalog: string): number {
    const held = this.#held.get(catalog);
    return held === undefined ? 0 : (held?.length ?? 0) + 1;
  }
}
