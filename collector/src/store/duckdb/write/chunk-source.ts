import { type DuckDBConnection, DuckDBTableFunction, type DuckDBType, VARCHAR } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { RowTable } from '../schema.js';
import type { StagedBatch, StagedChunk } from './staged-batch.js';

/** Name in SQL of the table function that reads staged chunks. */
const FUNCTION = 'orrery_staged';

/**
 * Lets DuckDB read chunks where they were staged: `INSERT … SELECT * FROM orrery_staged('spans')`. Everything that
 * follows, compression too, happens on DuckDB's thread, which asks this one for a chunk at a time.
 */
export class ChunkSource {
  readonly #connection: DuckDBConnection;
  /** What the statement that is running has still to read. */
  #queue: StagedChunk[] = [];
  #given: StagedChunk | null = null;
  #batch: StagedBatch | null = null;

  /** @param types of the columns of each table */
  constructor(connection: DuckDBConnection, types: ReadonlyMap<string, DuckDBType[]>) {
    this.#connection = connection;
    connection.registerTableFunction(
      DuckDBTableFunction.create({
        name: FUNCTION,
        parameterTypes: [VARCHAR],
        bindFunction: (info) => {
          const columns = types.get(String(info.getParameter(0))) ?? [];
          columns.forEach((type, index) => info.addResultColumn(`c${index}`, type));
        },
        initFunction: (info) => info.setMaxThreads(1),
        mainFunction: (_info, target) => this.#give(target.chunk),
      }),
    );
  }

  /** Moves chunks into the tables of a slice. All are given back, whatever happens. */
  async insert(batch: StagedBatch, catalog: string, chunks: StagedChunk[]): Promise<void> {
    this.#batch = batch;
    const byTable = new Map<RowTable, StagedChunk[]>();
    for (const staged of chunks) {
      const others = byTable.get(staged.table);
      if (others) others.push(staged);
      else byTable.set(staged.table, [staged]);
    }
    try {
      for (const [table, queue] of byTable) {
        this.#queue = queue;
        await this.#connection.run(`INSERT INTO ${catalog}.${table} SELECT * FROM ${FUNCTION}('${table}')`);
        this.#takeBack();
      }
    } finally {
      this.#takeBack();
      for (const queue of byTable.values()) for (const staged of queue.splice(0)) batch.taken(staged);
    }
  }

  /** Called for the next rows: those given before have been read. No rows end the statement. */
  #give(target: duckdb.DataChunk): void {
    this.#takeBack();
    const staged = this.#queue.shift();
    this.#given = staged ?? null;
    if (staged) staged.chunk.copyTo(target);
    else duckdb.data_chunk_set_size(target, 0);
  }

  #takeBack(): void {
    if (this.#given) this.#batch?.taken(this.#given);
    this.#given = null;
  }
}
