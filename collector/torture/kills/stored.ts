import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ID_SPACE } from './telemetry.js';

type Row = Record<string, unknown>;

/** Figures by a key of text. */
export type Tally = Map<string, number>;

/** What the slices of a store hold, read from their files while nobody writes. */
export interface Stored {
  /** By request: items found, and how many of them are different ones. */
  requests: Map<number, { items: number; distinct: number }>;
  /** Figures of the projections by name; see judge.ts. */
  projections: Record<string, Tally>;
  /** What is wrong with a file in itself. */
  faults: string[];
  slices: number;
}

/** Every table of all slices as one. */
export async function readStored(dataDir: string): Promise<Stored> {
  const folder = path.join(dataDir, 'slices');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.duckdb')).sort();
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '4GB', threads: '1' });
  const connection = await instance.connect();
  try {
    for (const [i, file] of files.entries()) {
      await connection.run(`ATTACH '${path.join(folder, file)}' AS s${i} (READ_ONLY)`);
    }
    const reader = new SliceReader(connection, files.length);
    return {
      requests: await reader.requests(),
      projections: await reader.projections(),
      faults: await reader.faults(files),
      slices: files.length,
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

class SliceReader {
  readonly #connection: DuckDBConnection;
  readonly #slices: number;

  constructor(connection: DuckDBConnection, slices: number) {
    this.#connection = connection;
    this.#slices = slices;
  }

  async requests(): Promise<Stored['requests']> {
    const found: Stored['requests'] = new Map();
    const perRequest = (n: string, item: string, table: string, where = 'true') =>
      this.#rows(
        `SELECT ${n} AS n, count(*) AS items, count(DISTINCT ${item}) AS different FROM ${this.#all(table)} WHERE ${where} GROUP BY n`,
      );
    const rows = [
      ...(await perRequest(`(span_id - 1) // ${ID_SPACE}`, 'span_id', 'spans')),
      ...(await perRequest("split_part(body, ' ', 2)", 'body', 'logs')),
      ...(await perRequest(`value::BIGINT // ${ID_SPACE}`, 'value', 'points')),
    ];
    for (const row of rows) {
      found.set(Number(row['n']), { items: Number(row['items']), distinct: Number(row['different']) });
    }
    return found;
  }

  async projections(): Promise<Stored['projections']> {
    const all = (table: string) => this.#all(table);
    return {
      red: await this.#tally(
        `SELECT concat_ws(' ', service, instance, kind, operation, minute_ms) AS key,
           sum(count) AS requests, sum(errors) AS errors, sum(list_sum(bucket_counts)) AS durations
         FROM ${all('red')} GROUP BY 1`,
      ),
      edges: await this.#tally(
        `SELECT concat_ws(' ', source, target, kind, side, minute_ms) AS key,
           sum(count) AS calls, sum(errors) AS errors, sum(list_sum(bucket_counts)) AS durations
         FROM ${all('edges')} GROUP BY 1`,
      ),
      traces: await this.#tally(
        `SELECT trace_id::VARCHAR AS key, sum(spans) AS spans, sum(errors) AS errors FROM ${all('traces')} GROUP BY 1`,
      ),
      sagas: await this.#tally(
        `SELECT concat_ws(' ', saga_id, fact->>'$.event', fact->>'$.spanId', time_nano) AS key, count(*) AS facts
         FROM ${all('sagas')} GROUP BY 1`,
      ),
      breakers: await this.#tally(
        `SELECT concat_ws(' ', service, name, fact->>'$.instance', kind, time_nano) AS key, count(*) AS facts
         FROM ${all('breakers')} GROUP BY 1`,
      ),
      'rows by sender': await this.#rowsBySender(),
    };
  }

  /** Rows by what the dictionaries of their own slice say of them. */
  async #rowsBySender(): Promise<Tally> {
    const sender = "resources.service || ' ' || resources.instance";
    const keys = "array_to_string(shapes.keys, ',')";
    const perSlice = (i: number) => `
      SELECT concat_ws(' ', 'span', ${sender}, ${keys}) AS key, count(*) AS rows FROM s${i}.spans r
        JOIN s${i}.resources ON resources.id = r.resource JOIN s${i}.shapes ON shapes.id = r.shape GROUP BY 1
      UNION ALL SELECT concat_ws(' ', 'line', ${sender}, ${keys}) AS key, count(*) AS rows FROM s${i}.logs r
        JOIN s${i}.resources ON resources.id = r.resource JOIN s${i}.shapes ON shapes.id = r.shape GROUP BY 1
      UNION ALL SELECT concat_ws(' ', 'point', ${sender}, series.name, array_to_string(series.vals, ',')) AS key,
          count(*) AS rows FROM s${i}.points r
        JOIN s${i}.series ON series.id = r.series JOIN s${i}.resources ON resources.id = series.resource GROUP BY 1`;
    const slices = Array.from({ length: this.#slices }, (_, i) => perSlice(i));
    return this.#tally(`SELECT key, sum(rows) AS rows FROM (${slices.join(' UNION ALL ')}) GROUP BY 1`);
  }

  async faults(files: readonly string[]): Promise<string[]> {
    const faults: string[] = [];
    for (const [i, file] of files.entries()) {
      const counts = `(SELECT 1 AS signal, count(*) AS n FROM s${i}.spans UNION ALL SELECT 2, count(*) FROM s${i}.logs UNION ALL SELECT 3, count(*) FROM s${i}.points)`;
      const extents = `(SELECT signal, sum(items) AS n FROM s${i}.extents GROUP BY signal)`;
      const wrong = await this.#rows(
        `SELECT signal FROM ${counts} c LEFT JOIN ${extents} e USING (signal) WHERE c.n <> coalesce(e.n, 0)`,
      );
      if (wrong.length > 0) faults.push(`${file}: the extents do not count what is there`);
      for (const [table, id, dictionary] of DICTIONARIES) {
        const [lost] = await this.#rows(
          `SELECT count(*) AS n FROM s${i}.${table} WHERE ${id} <> 0 AND ${id} NOT IN (SELECT id FROM s${i}.${dictionary})`,
        );
        const unknown = Number(lost?.['n']);
        if (unknown > 0) faults.push(`${file}: ${unknown} of ${table} name unknown ${dictionary}`);
      }
      for (const dictionary of ['resources', 'scopes', 'shapes', 'series']) {
        const twice = await this.#rows(`SELECT id FROM s${i}.${dictionary} GROUP BY id HAVING count(*) > 1`);
        if (twice.length > 0) faults.push(`${file}: ids of ${dictionary} are given out twice`);
      }
    }
    return faults;
  }

  #all(table: string): string {
    return `(${Array.from({ length: this.#slices }, (_, i) => `SELECT * FROM s${i}.${table}`).join(' UNION ALL BY NAME ')})`;
  }

  /** One figure a column, under `<key> <column>`. */
  async #tally(sql: string): Promise<Tally> {
    const tally: Tally = new Map();
    for (const { key, ...figures } of await this.#rows(sql)) {
      for (const [name, figure] of Object.entries(figures)) {
        if (figure !== null && Number(figure) !== 0) tally.set(`${String(key)} ${name}`, Number(figure));
      }
    }
    return tally;
  }

  async #rows(sql: string): Promise<Row[]> {
    return (await this.#connection.runAndReadAll(sql)).getRowObjects();
  }
}

const DICTIONARIES = [
  ['spans', 'resource', 'resources'],
  ['spans', 'shape', 'shapes'],
  ['logs', 'resource', 'resources'],
  ['logs', 'shape', 'shapes'],
  ['points', 'series', 'series'],
  ['series', 'resource', 'resources'],
] as const;
