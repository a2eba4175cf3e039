import { open, rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { Signal } from '../../../log/log-record.js';
import type { StepTrace } from '../../../self/step-trace.js';
import { rowsOf } from '../database.js';
import { IdFilter } from '../id-filter.js';
import { PACKED, ROW_TABLES, type RowTable, SCHEMA_VERSION, sealedStatements, sliceStatements } from '../schema.js';
import type { Slice } from '../slice.js';
import type { FactExtent, SliceFacts } from '../slice-facts.js';
import { attachFile } from '../slice-file.js';
import type { FilterKind } from '../slice-filters.js';
import { mergedExtents, mergedFigures, mergedSenders, mergedTraces, resolutionsSql } from './merge-deltas.js';

export interface RewriteOptions {
  /** Where the new file is made; what lies there is removed. */
  file: string;
  /** Signals whose rows are left out, as `Signal` numbers them. */
  without: readonly number[];
  /** Waits after each step of work as long as others are to have. */
  pause: (tookMs: number) => Promise<void>;
  signal: AbortSignal;
  steps: StepTrace;
  warn: (sentence: string) => void;
}

/** Rows of DuckDB's row groups: a step copies as many, so that each is full. */
const STEP_ROWS = 122_880;
/** Rows of deltas that are merged in one step. */
const MERGE_ROWS = 200_000;
/** A quarter of DuckDB's own: dozens of small tables and columns waste less of their last block. */
const BLOCK_BYTES = 65_536;
/** Services that are listed; a slice with more is asked for any. */
const MAX_SERVICES = 1000;
/** Operations (a service and a name of spans) that are listed; of a slice with more none is left out for what it lacks. */
const MAX_OPERATIONS = 5000;
/** Bytes a value has on average where zstd is worth its blocks. */
const LEAST_PACKED = 4;
const TARGET = 'rewritten';

/** Tables of rows: which signal they are of, and the order within a step that packs and is read best. */
const COPIED: Partial<Record<RowTable, { signal: number; order: string }>> = {
  spans: { signal: Signal.traces, order: 'trace_id, start_nano' },
  logs: { signal: Signal.logs, order: 'time_nano, position, item' },
  points: { signal: Signal.metrics, order: 'series, time_nano' },
  exemplars: { signal: Signal.metrics, order: 'series, time_nano' },
};

/**
 * Writes a slice anew into a file beside it: full row groups in a useful order, deltas merged, figures by the hour,
 * filters over ids, and what the slice says of itself. Works in small steps with pauses between. The slice only has to
 * be attached; whether somebody wrote to it meanwhile is for the caller to see.
 *
 * Resolves when the file is whole and on the disk; otherwise none is left.
 */
export async function rewriteSlice(connection: DuckDBConnection, slice: Slice, options: RewriteOptions): Promise<void> {
  const { file, steps } = options;
  await rm(file, { force: true });
  await rm(`${file}.wal`, { force: true });
  await attachFile(connection, file, TARGET, `STORAGE_VERSION 'latest', BLOCK_SIZE ${BLOCK_BYTES}`, options.warn);
  let isWhole = false;
  try {
    await fill(connection, slice, options);
    await connection.run(`CHECKPOINT ${TARGET}`);
    isWhole = true;
  } finally {
    await connection.run(`DETACH ${TARGET}`);
    if (!isWhole) {
      await rm(file, { force: true });
      await rm(`${file}.wal`, { force: true });
    }
  }
  steps('seal.built', slice.cursor);
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  steps('seal.synced', slice.cursor);
}

async function fill(connection: DuckDBConnection, slice: Slice, options: RewriteOptions): Promise<void> {
  const { catalog } = slice;
  const { without, steps } = options;
  const run = async (sql: string) => {
    options.signal.throwIfAborted();
    const began = performance.now();
    await connection.run(sql);
    await options.pause(performance.now() - began);
  };
  const plain = await emptyColumns(connection, catalog);
  const layout = sliceStatements(TARGET, (table, column) => plain.has(`${table}.${column}`));
  for (const statement of [...layout, ...sealedStatements(TARGET)]) await connection.run(statement);
  steps('seal.begun', slice.cursor);
  for (const table of ROW_TABLES) {
    const copied = COPIED[table];
    if (copied && without.includes(copied.signal)) continue;
    const from = `${catalog}.${table}`;
    const into = `INSERT INTO ${TARGET}.${table}`;
    switch (table) {
      case 'red':
      case 'edges':
        await mergeFigures(connection, run, catalog, table);
        break;
      case 'traces':
        if (!without.includes(Signal.traces)) await mergeTraces(connection, run, from);
        break;
      case 'senders':
        await run(`${into} ${mergedSenders(from)}`);
        break;
      case 'extents':
        await run(`${into} ${mergedExtents(from, without)}`);
        break;
      default: {
        const rows = await countOf(connection, from, 'coalesce(max(rowid) + 1, 0)');
        for (let at = 0; at < rows; at += STEP_ROWS) {
          const order = copied ? `ORDER BY ${copied.order}` : '';
          await run(`${into} SELECT * FROM ${from} WHERE rowid >= ${at} AND rowid < ${at + STEP_ROWS} ${order}`);
          steps('seal.copied', slice.cursor);
        }
      }
    }
  }
  await run(`INSERT INTO ${TARGET}.resolutions ${resolutionsSql(`${TARGET}.edges`, catalog)}`);
  // Spans may be gone by now that told it when the slice was sealed before.
  if (slice.generation > 0) {
    await run(`INSERT INTO ${TARGET}.resolutions SELECT * FROM ${catalog}.resolutions
      WHERE (source, target) NOT IN (SELECT (source, target) FROM ${TARGET}.resolutions)`);
  }
  await addFilter(connection, options, 'trace', idsOf('trace_id', 'trace_id <> 0'));
  await addFilter(connection, options, 'correlation', idsOf('p_correlation_id', "p_correlation_id <> ''"));
  await addFilter(connection, options, 'link', LINKED);
  await run(`INSERT INTO ${TARGET}.operations SELECT r.service, s.name, max(s.duration_nano)
    FROM ${TARGET}.spans s JOIN ${TARGET}.resources r ON r.id = s.resource GROUP BY ALL LIMIT ${MAX_OPERATIONS + 1}`);
  const operations = (await countOf(connection, `${TARGET}.operations`, 'count(*)')) <= MAX_OPERATIONS;
  const facts = JSON.stringify({ ...(await factsOf(connection, without)), operations, links: true });
  const meta = `('schema_version', $1), ('cursor', $2), ('log', $3), ('sealed', $4)`;
  await connection.run(`INSERT INTO ${TARGET}.meta VALUES ${meta}`, [
    String(SCHEMA_VERSION),
    String(slice.cursor),
    slice.log,
    facts,
  ]);
  // Which records were replayed into it is remembered, or a replay that comes again would store them twice.
  await run(`INSERT INTO ${TARGET}.meta SELECT key, value FROM ${catalog}.meta WHERE key LIKE 'replayed:%'`);
}

/** Columns that are to be packed but hold next to nothing, as `table.column`. */
async function emptyColumns(connection: DuckDBConnection, catalog: string): Promise<Set<string>> {
  const empty = new Set<string>();
  for (const { table, column } of PACKED) {
    const length = `coalesce(avg(strlen("${column}")), 0) < ${LEAST_PACKED}`;
    const [row] = await rowsOf(connection, `SELECT ${length} AS is_empty FROM ${catalog}.${table}`);
    if (row?.is_empty === true) empty.add(`${table}.${column}`);
  }
  return empty;
}

/** Some minutes at a time, so that what is merged at once is bounded. */
async function mergeFigures(
  connection: DuckDBConnection,
  run: (sql: string) => Promise<void>,
  catalog: string,
  table: 'red' | 'edges',
): Promise<void> {
  const minutes = await rowsOf(
    connection,
    `SELECT minute_ms, count(*)::INTEGER AS n FROM ${catalog}.${table} GROUP BY minute_ms ORDER BY minute_ms`,
  );
  for (let at = 0; at < minutes.length; ) {
    const from = minutes[at]?.minute_ms as bigint;
    let to = from;
    for (let rows = 0; at < minutes.length && (rows === 0 || rows < MERGE_ROWS); at++) {
      rows += minutes[at]?.n as number;
      to = minutes[at]?.minute_ms as bigint;
    }
    const some = `(SELECT * FROM ${catalog}.${table} WHERE minute_ms BETWEEN ${from} AND ${to})`;
    await run(`INSERT INTO ${TARGET}.${table} ${mergedFigures(table, some, 'minute')}`);
  }
  const hours = table === 'red' ? 'red_hours' : 'edge_hours';
  await run(`INSERT INTO ${TARGET}.${hours} ${mergedFigures(table, `${TARGET}.${table}`, 'hour')}`);
}

/** Some traces at a time. */
async function mergeTraces(
  connection: DuckDBConnection,
  run: (sql: string) => Promise<void>,
  from: string,
): Promise<void> {
  const parts = Math.ceil((await countOf(connection, from, 'count(*)')) / (MERGE_ROWS * 2));
  for (let part = 0; part < parts; part++) {
    const some = parts === 1 ? from : `(SELECT * FROM ${from} WHERE trace_id % ${parts} = ${part})`;
    await run(`INSERT INTO ${TARGET}.traces ${mergedTraces(some)}`);
  }
}

async function addFilter(
  connection: DuckDBConnection,
  { signal, pause }: RewriteOptions,
  kind: FilterKind,
  all: string,
): Promise<void> {
  const ids = `(SELECT DISTINCT id FROM (${all}))`;
  const filter = IdFilter.forKeys(await countOf(connection, ids, 'count(*)'));
  const result = await connection.stream(`SELECT id FROM ${ids}`);
  let began = performance.now();
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    signal.throwIfAborted();
    for (const id of chunk.getColumnValues(0)) filter.add(id as bigint | string);
    await pause(performance.now() - began);
    began = performance.now();
  }
  // A blob as hex: it is not worth a value of its own.
  const hex = Buffer.from(filter.bytes).toString('hex');
  await connection.run(`INSERT INTO ${TARGET}.filters VALUES ($1, unhex($2))`, [kind, hex]);
}

/** Ids that spans and lines have in a column, as a SELECT. */
function idsOf(column: string, where: string): string {
  return ['spans', 'logs']
    .map((table) => `SELECT ${column} AS id FROM ${TARGET}.${table} WHERE ${where}`)
    .join(' UNION ALL ');
}

/** Traces that links of spans name, as text; a name within an attribute has its quotes escaped. */
const LINKED = `SELECT unnest(regexp_extract_all(links, '"trace_id":"([0-9a-f]{32})"', 1)) AS id
  FROM ${TARGET}.spans WHERE link_count > 0`;

async function factsOf(connection: DuckDBConnection, removed: readonly number[]): Promise<SliceFacts> {
  const services = await rowsOf(
    connection,
    `SELECT DISTINCT service FROM ${TARGET}.resources ORDER BY service LIMIT ${MAX_SERVICES + 1}`,
  );
  return {
    services: services.length > MAX_SERVICES ? null : services.map((row) => row.service as string),
    figures: await extentOf(
      connection,
      `(SELECT minute_ms * 1000000 AS time_nano FROM ${TARGET}.red
        UNION ALL SELECT minute_ms * 1000000 FROM ${TARGET}.edges)`,
    ),
    sagas: await extentOf(connection, `${TARGET}.sagas`),
    breakers: await extentOf(connection, `${TARGET}.breakers`),
    removed: [...removed],
  };
}

async function extentOf(connection: DuckDBConnection, from: string): Promise<FactExtent> {
  const [row] = await rowsOf(
    connection,
    `SELECT count(*)::INTEGER AS rows, coalesce(min(time_nano), 0)::BIGINT AS low,
      coalesce(max(time_nano), 0)::BIGINT AS high FROM ${from}`,
  );
  return { rows: row?.rows as number, minNano: String(row?.low), maxNano: String(row?.high) };
}

async function countOf(connection: DuckDBConnection, from: string, what: string): Promise<number> {
  const [row] = await rowsOf(connection, `SELECT (${what})::BIGINT AS n FROM ${from}`);
  return Number(row?.n);
}
