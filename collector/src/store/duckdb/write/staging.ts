import type { DuckDBConnection } from '@duckdb/node-api';
import { type RowTable, stageStatement } from '../schema.js';
import { DictionaryRows } from './dictionary-rows.js';
import { LogRows } from './log-rows.js';
import { MetricRows } from './metric-rows.js';
import { ProjectionRows } from './projection-rows.js';
import { SpanRows } from './span-rows.js';

/** Tables in memory that one commit is gathered in. A writer has two: one fills while the other is moved. */
export class Staging {
  readonly spans;
  readonly logs;
  readonly metrics;
  readonly projections;
  readonly dictionaries;
  readonly #connection: DuckDBConnection;
  readonly #prefix: string;

  constructor(connection: DuckDBConnection, prefix: string) {
    this.#connection = connection;
    this.#prefix = prefix;
    this.spans = new SpanRows(connection, prefix);
    this.logs = new LogRows(connection, prefix);
    this.metrics = new MetricRows(connection, prefix);
    this.projections = new ProjectionRows(connection, prefix);
    this.dictionaries = new DictionaryRows(connection, prefix);
  }

  /** Empties the tables that hold something, all of them the first time. */
  async open(): Promise<void> {
    for (const stage of this.#stages()) {
      if (stage.isOpen) continue;
      const table = stage.table.slice(this.#prefix.length + 1) as RowTable;
      await this.#connection.run(stageStatement(this.#prefix, table));
      await stage.open();
    }
  }

  /** Ends filling; returns the tables that hold rows, with their place in memory. */
  close(): { table: RowTable; from: string }[] {
    const filled = [];
    for (const stage of this.#stages()) {
      if (stage.rows === 0) continue;
      stage.close();
      const table = stage.table.slice(this.#prefix.length + 1) as RowTable;
      filled.push({ table, from: `memory.main.${stage.table}` });
    }
    return filled;
  }

  #stages() {
    return [
      this.spans.stage,
      this.logs.stage,
      this.metrics.points,
      this.metrics.exemplars,
      ...this.projections.stages,
      ...this.dictionaries.stages,
    ];
  }
}
