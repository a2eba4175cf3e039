import { Signal } from '../../log/log-record.js';
import { IdFilter, type IdHash } from './id-filter.js';
import { Params } from './read/params.js';
import type { QueryRunner } from './read/query-runner.js';
import type { Slice } from './slice.js';
import type { Slices } from './slices.js';

/** Keys one is expected to take: with four times as many every fifth hit is false. */
const KEYS = 1 << 19;
/** Slices that are written to: more than a few are there only when none could be sealed for hours. */
const MAX_SLICES = 4;
/** Lines that a question takes in; when more came since the last one, their slice is asked, as it is without a filter. */
const MAX_UNREAD = 50_000;

interface Known {
  /** The file that was read; a slice that is sealed, or dropped and made again, is another. */
  catalog: string;
  filter: IdFilter;
  /** Lines of the slice when it was read last. */
  items: number;
  /** The last of them. */
  rowid: bigint;
  reading: Promise<void> | null;
}

/**
 * Which traces the lines of slices that are written to belong to. The write path knows nothing of it: a question reads
 * the lines that came since the last one did. What is not known for certain counts as there.
 */
export class LineFilters {
  readonly #slices: Slices;
  readonly #runner: QueryRunner;
  readonly #known = new Map<Slice, Known>();

  constructor(slices: Slices, runner: QueryRunner) {
    this.#slices = slices;
    this.#runner = runner;
  }

  /** False: no line of the trace is in the slice, of all that were committed before the call. */
  async mayHave(slice: Slice, trace: IdHash): Promise<boolean> {
    // A slice that is sealed meanwhile is another file, with its lines in another order.
    const { catalog, path } = slice;
    const items = slice.extents.get(Signal.logs)?.items ?? 0;
    const last = this.#known.get(slice);
    const known = last?.catalog === catalog ? last : this.#begin(slice);
    if (!known) return true;
    while (known.reading) await known.reading;
    if (known.items < items) {
      if (items - known.items > MAX_UNREAD) return true;
      known.reading = this.#read({ catalog, path }, known, items).finally(() => {
        known.reading = null;
      });
      await known.reading;
    }
    // Not so when it could not be read.
    return known.items < items || known.filter.mayHaveHashed(trace);
  }

  #begin(slice: Slice): Known | null {
    const open = new Set(this.#slices.all().filter(({ sealed }) => sealed === null));
    for (const other of this.#known.keys()) if (!open.has(other)) this.#known.delete(other);
    this.#known.delete(slice);
    if (this.#known.size >= MAX_SLICES) return null;
    const known = { catalog: slice.catalog, filter: IdFilter.forKeys(KEYS), items: 0, rowid: -1n, reading: null };
    this.#known.set(slice, known);
    return known;
  }

  /**
   * Takes in the lines behind the last one. On a connection of questions, never in a transaction that somebody else began
   * before those lines were there. Lines are only ever added, so those of a later commit have later row ids.
   */
  async #read(file: Pick<Slice, 'catalog' | 'path'>, known: Known, items: number): Promise<void> {
    try {
      await this.#slices.attach(file);
      const rows = await this.#runner.rows(
        `SELECT trace_id, max(rowid) AS last FROM ${file.catalog}.logs WHERE rowid > ${known.rowid} GROUP BY trace_id`,
        new Params(),
        new AbortController().signal,
      );
      for (const { trace_id, last } of rows) {
        known.filter.add(trace_id as bigint);
        if ((last as bigint) > known.rowid) known.rowid = last as bigint;
      }
      known.items = items;
    } catch {
      // The question asks the slice instead.
    }
  }
}
