import type { DuckDBConnection } from '@duckdb/node-api';
import { ROWS } from './schema.js';
import { mergedFigures } from './seal/merge-deltas.js';
import type { Slice } from './slice.js';
import { factsOverlap } from './slice-facts.js';

export const DAY_MS = 86_400_000;
/** Figures by the day in memory, by their table by the hour; and what they are made of. */
const DAYS = { red_hours: 'red_days', edge_hours: 'edge_days' } as const;
const OF = { red_hours: 'red', edge_hours: 'edges' } as const;
export type HourTable = keyof typeof DAYS;
export const HOUR_TABLES = Object.keys(DAYS) as HourTable[];

/** Days of a question at most; over more, as of a slice with event times of decades, figures are read by the hour. */
const MAX_DAYS = 1000;

interface Day {
  /** Marks of the slices whose hours are in it. */
  marks: string;
  /** Marks the rows of the day. */
  build: number;
}

/** A sealed slice whose figures are held, by the mark of its rows. */
export type MarkedSlice = readonly [slice: Slice, mark: number];

/**
 * Whole days of the figures that are held by the hour, merged when a question over them comes first. A day is made
 * anew when other slices are held that have figures of it; questions that are running read on in the old one.
 */
export class HeldDays {
  readonly #connection: DuckDBConnection;
  /** Runs something once every question that runs now is over. */
  readonly #afterQuestions: (work: () => Promise<void>) => void;
  readonly #days = new Map<number, Day>();
  #lastBuild = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(connection: DuckDBConnection, afterQuestions: (work: () => Promise<void>) => void) {
    this.#connection = connection;
    this.#afterQuestions = afterQuestions;
  }

  static async open(
    connection: DuckDBConnection,
    afterQuestions: (work: () => Promise<void>) => void,
  ): Promise<HeldDays> {
    for (const table of HOUR_TABLES) {
      const columns = Object.entries(ROWS[OF[table]]).map(([name, type]) => `"${name}" ${type}`);
      await connection.run(`CREATE TABLE memory.main.${DAYS[table]} (slice INTEGER NOT NULL, ${columns.join(', ')})`);
    }
    return new HeldDays(connection, afterQuestions);
  }

  /** Makes ready what {@link part} reads of the days in `[fromMs, toMs)`. */
  load(slices: readonly MarkedSlice[], fromMs: number, toMs: number): Promise<void> {
    const turn = this.#turn.then(async () => {
      for (const [dayMs, marks] of marksByDay(slices, fromMs, toMs) ?? []) await this.#loadDay(marks, dayMs);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Figures of whole days in `[fromMs, toMs)` as one SELECT; null where one of them is not ready for these slices. */
  part(
    slices: readonly MarkedSlice[],
    table: HourTable,
    columns: string,
    where: string,
    fromMs: number,
    toMs: number,
  ): string | null {
    const builds: number[] = [];
    for (const [dayMs, marks] of marksByDay(slices, fromMs, toMs) ?? []) {
      const day = this.#days.get(dayMs);
      if (day?.marks !== marks) return null;
      builds.push(day.build);
    }
    if (builds.length === 0) return null;
    return `SELECT ${columns} FROM memory.main.${DAYS[table]} WHERE slice IN (${builds.join(', ')}) AND ${where}`;
  }

  /** Lets go of days in which nothing of these slices lies. */
  forget(slices: readonly Slice[]): void {
    for (const [dayMs, { build }] of this.#days) {
      if (slices.some((slice) => touches(slice, dayMs))) continue;
      this.#days.delete(dayMs);
      this.#remove(build);
    }
  }

  async #loadDay(marks: string, dayMs: number): Promise<void> {
    const known = this.#days.get(dayMs);
    if (known?.marks === marks) return;
    const build = ++this.#lastBuild;
    for (const table of HOUR_TABLES) {
      const hours = `(SELECT * EXCLUDE (slice) FROM memory.main.${table}
        WHERE slice IN (${marks}) AND minute_ms >= ${dayMs} AND minute_ms < ${dayMs + DAY_MS})`;
      const merged = mergedFigures(OF[table], hours, 'day');
      await this.#connection.run(`INSERT INTO memory.main.${DAYS[table]} SELECT ${build}, * FROM (${merged})`);
    }
    this.#days.set(dayMs, { marks, build });
    if (known) this.#remove(known.build);
  }

  #remove(build: number): void {
    this.#afterQuestions(async () => {
      for (const table of HOUR_TABLES) {
        await this.#connection.run(`DELETE FROM memory.main.${DAYS[table]} WHERE slice = ${build}`);
      }
    });
  }
}

/** Days that lie wholly in a range of whole hours: `[fromMs, toMs)`, empty when there is none. */
export function wholeDays(fromMs: number, toMs: number): [fromMs: number, toMs: number] {
  const from = Math.ceil(fromMs / DAY_MS) * DAY_MS;
  return [from, Math.max(from, Math.floor(toMs / DAY_MS) * DAY_MS)];
}

/**
 * The days of `[fromMs, toMs)` in which slices have figures, each with the marks of those slices; null when they are
 * too many. A range may be anything, since the beginning of time too.
 */
function marksByDay(slices: readonly MarkedSlice[], fromMs: number, toMs: number): Map<number, string> | null {
  const marks = new Map<number, number[]>();
  for (const [{ sealed }, mark] of slices) {
    if (sealed === null || sealed.figures.rows === 0) continue;
    const first = Math.max(fromMs, dayOf(sealed.figures.minNano));
    const last = Math.min(toMs - DAY_MS, dayOf(sealed.figures.maxNano));
    if (last - first >= MAX_DAYS * DAY_MS) return null;
    for (let dayMs = first; dayMs <= last; dayMs += DAY_MS) {
      const known = marks.get(dayMs);
      if (known) known.push(mark);
      else marks.set(dayMs, [mark]);
    }
    if (marks.size > MAX_DAYS) return null;
  }
  return new Map([...marks].map(([dayMs, of]) => [dayMs, of.sort((a, b) => a - b).join(', ')]));
}

function dayOf(nano: string): number {
  return Math.floor(Number(BigInt(nano) / 1_000_000n) / DAY_MS) * DAY_MS;
}

function touches({ sealed }: Slice, dayMs: number): boolean {
  const [from, to] = [BigInt(dayMs) * 1_000_000n, BigInt(dayMs + DAY_MS) * 1_000_000n];
  return sealed !== null && factsOverlap(sealed.figures, from, to);
}
