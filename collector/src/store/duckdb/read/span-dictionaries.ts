import type { SpanCategory } from '../../../api/contract/index.js';
import { CATEGORY_KEYS } from '../../../project/trace/span-category.js';
import type { Slice } from '../slice.js';
import type { Slices } from '../slices.js';
import { listOf } from './encode-values.js';
import { Params } from './params.js';
import type { QueryRunner, Row } from './query-runner.js';

export interface KnownResource {
  service: string;
  instance: string;
  /** `host.name`. */
  host: string;
}

interface Known {
  resources: Map<number, KnownResource>;
  /** By the id of a shape. */
  categories: Map<number, SpanCategory>;
}

const COLUMNS = { resources: 'id, service, instance, keys, vals', shapes: 'id, keys' } as const;
type Dictionary = keyof typeof COLUMNS;

/** Entries that are held, of all slices; slices that were not asked for the longest go first. */
const MAX_ENTRIES = 100_000;
/** Rows of each dictionary of a slice that are read before anybody asks. */
const WARM_ROWS = 2000;

/**
 * What the resource and the shape of a span say of it, held once they were read: an entry never changes within a file,
 * and joining them in SQL takes DuckDB longer to plan than the spans take to read.
 */
export class SpanDictionaries {
  readonly #slices: Slices;
  readonly #runner: QueryRunner;
  /** By catalog, least recently used first. */
  readonly #known = new Map<string, Known>();
  #entries = 0;

  constructor(slices: Slices, runner: QueryRunner) {
    this.#slices = slices;
    this.#runner = runner;
  }

  /** What is known of a slice with the entries that its rows (`resource`, `shape`) name; an id it has not got is missing. */
  async of(slice: Slice, rows: readonly Row[], signal: AbortSignal): Promise<Known> {
    const known = this.#recent(slice.catalog);
    const missing = (column: 'resource' | 'shape', there: ReadonlyMap<number, unknown>) => [
      ...new Set(
        rows.flatMap(({ [column]: id }) => (id === undefined || there.has(id as number) ? [] : (id as number))),
      ),
    ];
    const [resources, shapes] = await Promise.all([
      this.#named(slice, 'resources', missing('resource', known.resources), signal),
      this.#named(slice, 'shapes', missing('shape', known.categories), signal),
    ]);
    this.#hold(slice.catalog, known, resources, shapes);
    return known;
  }

  /** Reads what sealed slices have, the newest first, so that the first trace of each need not. */
  async warmUp(signal: AbortSignal): Promise<void> {
    for (const slice of this.#slices.all().reverse()) {
      if (signal.aborted || this.#entries > MAX_ENTRIES / 2) return;
      if (!slice.sealed) continue;
      const { catalog } = slice;
      const first = (table: Dictionary) => this.#read(slice, table, `LIMIT ${WARM_ROWS}`, signal);
      await Promise.all([first('resources'), first('shapes')])
        .then(([resources, shapes]) => this.#hold(catalog, this.#recent(catalog), resources, shapes))
        .catch(() => undefined);
    }
  }

  #hold(catalog: string, known: Known, resources: readonly Row[], shapes: readonly Row[]): void {
    const before = sizeOf(known);
    for (const row of resources) {
      const host = listOf<string>(row.keys).indexOf('host.name');
      known.resources.set(row.id as number, {
        service: row.service as string,
        instance: row.instance as string,
        host: listOf<string>(row.vals)[host] ?? '',
      });
    }
    for (const row of shapes) known.categories.set(row.id as number, categoryOf(listOf<string>(row.keys)));
    if (this.#known.get(catalog) === known) this.#entries += sizeOf(known) - before;
    this.#forgetSome(catalog);
  }

  async #named(slice: Slice, table: Dictionary, ids: readonly number[], signal: AbortSignal): Promise<Row[]> {
    if (ids.length === 0) return [];
    return await this.#read(slice, table, `WHERE list_contains([${ids.join(', ')}], id)`, signal);
  }

  async #read(slice: Slice, table: Dictionary, which: string, signal: AbortSignal): Promise<Row[]> {
    await this.#slices.attach(slice);
    const sql = `SELECT ${COLUMNS[table]} FROM ${slice.catalog}.${table} ${which}`;
    return await this.#runner.rows(sql, new Params(), signal);
  }

  #recent(catalog: string): Known {
    const known = this.#known.get(catalog) ?? { resources: new Map(), categories: new Map() };
    this.#known.delete(catalog);
    this.#known.set(catalog, known);
    return known;
  }

  #forgetSome(used: string): void {
    for (const [catalog, known] of this.#known) {
      if (this.#entries <= MAX_ENTRIES || catalog === used) return;
      this.#known.delete(catalog);
      this.#entries -= sizeOf(known);
    }
  }
}

function sizeOf({ resources, categories }: Known): number {
  return resources.size + categories.size;
}

function categoryOf(keys: readonly string[]): SpanCategory {
  return CATEGORY_KEYS.find(([, named]) => named.some((key) => keys.includes(key)))?.[0] ?? 'internal';
}
