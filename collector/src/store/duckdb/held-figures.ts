import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { rowsOf } from './database.js';
import { HeldDays, type HourTable, type MarkedSlice, wholeDays } from './held-days.js';
import type { RunningQuestions } from './running-questions.js';
import { ROWS } from './schema.js';
import type { Slice } from './slice.js';
import type { Slices } from './slices.js';

/** Tables of sealed slices that are held in memory, and what their columns are. */
const HELD = { red_hours: ROWS.red, edge_hours: ROWS.edges, senders: ROWS.senders } as const;
export type HeldTable = keyof typeof HELD;

/** Rows of one slice, and of all, that are held; what is beyond is read from the slices. */
const MAX_SLICE_ROWS = 20_000;
const MAX_ROWS = 400_000;

/**
 * Small tables of sealed slices, gathered in one table each in memory: a question over weeks reads that one instead of
 * as many as there are slices, which takes DuckDB longer to plan than to answer.
 */
export class HeldFigures {
  readonly #connection: DuckDBConnection;
  readonly #slices: Slices;
  readonly #questions: RunningQuestions;
  readonly #days: HeldDays;
  /** By catalog: the number that marks the slice's rows, null when they are not held. */
  readonly #held = new Map<string, Promise<number | null>>();
  readonly #marks = new Map<string, { mark: number; rows: number }>();
  #rows = 0;
  #lastMark = 0;

  private constructor(connection: DuckDBConnection, slices: Slices, questions: RunningQuestions, days: HeldDays) {
    this.#connection = connection;
    this.#slices = slices;
    this.#questions = questions;
    this.#days = days;
  }

  static async open(instance: DuckDBInstance, slices: Slices, questions: RunningQuestions): Promise<HeldFigures> {
    const connection = await instance.connect();
    const days = await HeldDays.open(
      connection,
      (work) =>
        void questions
          .over()
          .then(work)
          .catch(() => undefined),
    );
    for (const [table, types] of Object.entries(HELD)) {
      const columns = Object.entries(types).map(([name, type]) => `"${name}" ${type}`);
      await connection.run(`CREATE TABLE memory.main.${table} (slice INTEGER NOT NULL, ${columns.join(', ')})`);
    }
    return new HeldFigures(connection, slices, questions, days);
  }

  /** Takes in what is not held yet of the sealed ones, and lets go of slices that are gone. */
  async load(slices: readonly Slice[]): Promise<void> {
    this.#forget();
    for (const slice of slices) if (slice.sealed) await this.#load(slice);
  }

  /** Makes ready what {@link hours} reads of slices that are loaded, for a range of whole hours. */
  async loadDays(slices: readonly Slice[], fromMs: number, toMs: number): Promise<void> {
    await this.#days.load(this.#marked(slices), ...wholeDays(fromMs, toMs));
  }

  /**
   * A table over some slices, one SELECT: those that are held in memory, all others each in its file under the name
   * that `ofFile` gives the table there.
   */
  parts(
    slices: readonly Slice[],
    table: HeldTable,
    columns: string,
    where: string,
    ofFile: (slice: Slice) => string[],
  ): string[] {
    const marks = slices.map((slice) => (slice.sealed ? this.#marks.get(slice.catalog)?.mark : undefined));
    const held = marks.filter((mark) => mark !== undefined);
    const others = slices.filter((_, at) => marks[at] === undefined).flatMap(ofFile);
    if (held.length === 0) return others;
    return [`SELECT ${columns} FROM memory.main.${table} WHERE slice IN (${held.join(', ')}) AND ${where}`, ...others];
  }

  /**
   * The same of figures by the hour, over a range of whole hours: its whole days are read by the day. `where` says
   * nothing of the time, `ofFile` does.
   */
  hours(
    slices: readonly Slice[],
    table: HourTable,
    columns: string,
    where: string,
    [fromMs, toMs]: readonly [fromMs: number, toMs: number],
    ofFile: (slice: Slice) => string[],
  ): string[] {
    const within = `${where} AND minute_ms >= ${fromMs} AND minute_ms < ${toMs}`;
    const [fromDay, toDay] = wholeDays(fromMs, toMs);
    const days = this.#days.part(this.#marked(slices), table, columns, where, fromDay, toDay);
    if (days === null) return this.parts(slices, table, columns, within, ofFile);
    const besides = `${within} AND (minute_ms < ${fromDay} OR minute_ms >= ${toDay})`;
    return [days, ...this.parts(slices, table, columns, besides, ofFile)];
  }

  close(): void {
    this.#connection.closeSync();
  }

  async #load(slice: Slice): Promise<void> {
    const { catalog } = slice;
    let held = this.#held.get(catalog);
    if (!held) {
      held = this.#read(slice);
      this.#held.set(catalog, held);
      held.catch(() => this.#held.delete(catalog));
    }
    await held;
  }

  async #read(slice: Slice): Promise<number | null> {
    await this.#slices.attach(slice);
    const { catalog } = slice;
    const tables = Object.keys(HELD) as HeldTable[];
    const counts = tables.map((table) => `(SELECT count(*) FROM ${catalog}.${table})`);
    const [row] = await rowsOf(this.#connection, `SELECT (${counts.join(' + ')})::INTEGER AS n`);
    const rows = row?.n as number;
    if (rows > MAX_SLICE_ROWS || this.#rows + rows > MAX_ROWS) return null;
    this.#rows += rows;
    const mark = ++this.#lastMark;
    for (const table of tables) {
      await this.#connection.run(`INSERT INTO memory.main.${table} SELECT ${mark}, * FROM ${catalog}.${table}`);
    }
    this.#marks.set(catalog, { mark, rows });
    return mark;
  }

  /** Rows go when the questions are over that may read them. */
  #forget(): void {
    const slices = this.#slices.all();
    const current = new Set(slices.map(({ catalog }) => catalog));
    for (const catalog of this.#held.keys()) if (!current.has(catalog)) this.#held.delete(catalog);
    for (const [catalog, { mark, rows }] of this.#marks) {
      if (current.has(catalog)) continue;
      this.#marks.delete(catalog);
      this.#rows -= rows;
      const remove = async () => {
        for (const table of Object.keys(HELD)) {
          await this.#connection.run(`DELETE FROM memory.main.${table} WHERE slice = ${mark}`);
        }
      };
      void this.#questions
        .over()
        .then(remove)
        .catch(() => undefined);
    }
    this.#days.forget(slices);
  }

  #marked(slices: readonly Slice[]): MarkedSlice[] {
    return slices.flatMap((slice): MarkedSlice[] => {
      const held = slice.sealed ? this.#marks.get(slice.catalog) : undefined;
      return held ? [[slice, held.mark]] : [];
    });
  }
}
