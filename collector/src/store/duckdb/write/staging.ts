import type { DuckDBType } from '@duckdb/node-api';
import { DictionaryRows } from './dictionary-rows.js';
import { LogRows } from './log-rows.js';
import { MetricRows } from './metric-rows.js';
import { ProjectionRows } from './projection-rows.js';
import { SpanRows } from './span-rows.js';
import type { StagedBatch } from './staged-batch.js';

/** Where the rows of every table are written into chunks, for one batch after the other. */
export class Staging {
  readonly spans = new SpanRows();
  readonly logs = new LogRows();
  readonly metrics = new MetricRows();
  readonly projections = new ProjectionRows();
  readonly dictionaries = new DictionaryRows();

  /** Types of the columns of each table. */
  types(): Map<string, DuckDBType[]> {
    return new Map(this.#stages().map((stage) => [stage.table, stage.types]));
  }

  open(batch: StagedBatch): void {
    for (const stage of this.#stages()) stage.open(batch);
  }

  close(): void {
    for (const stage of this.#stages()) stage.close();
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
