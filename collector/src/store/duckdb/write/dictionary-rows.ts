import { NumberColumn, NumberListColumn, TextColumn, TextListColumn } from './column.js';
import type { Dictionary } from './dictionary.js';
import type { Extent } from './extent.js';
import type { NativeHeap } from './native-heap.js';
import { Stage } from './stage.js';

/** Stages what a commit adds to its slice's dictionaries, and the extents of what it holds. */
export class DictionaryRows {
  readonly #resources = new Stage('resources', resourceColumns);
  readonly #scopes = new Stage('scopes', scopeColumns);
  readonly #shapes = new Stage('shapes', shapeColumns);
  readonly #series = new Stage('series', seriesColumns);
  readonly #extents = new Stage('extents', extentColumns);

  get stages() {
    return [this.#resources, this.#scopes, this.#shapes, this.#series, this.#extents];
  }

  add(dictionary: Dictionary, extents: ReadonlyMap<number, Extent>): void {
    const added = dictionary.takeAdded();
    for (const entry of added.resources) {
      const row = this.#resources.next();
      const { columns } = this.#resources;
      columns.id.data[row] = entry.id;
      for (const name of ['key', 'service', 'environment', 'instance'] as const) columns[name].set(row, entry[name]);
      setTexts(columns.keys, row, entry.keys);
      columns.types.set(row, entry.types);
      setTexts(columns.vals, row, entry.vals);
    }
    for (const entry of added.scopes) {
      const row = this.#scopes.next();
      this.#scopes.columns.id.data[row] = entry.id;
      this.#scopes.columns.name.set(row, entry.name);
      this.#scopes.columns.version.set(row, entry.version);
    }
    for (const entry of added.shapes) {
      const row = this.#shapes.next();
      this.#shapes.columns.id.data[row] = entry.id;
      setTexts(this.#shapes.columns.keys, row, entry.keys);
      this.#shapes.columns.types.set(row, entry.types);
      this.#shapes.columns.places.set(row, entry.places);
    }
    for (const entry of added.series) {
      const row = this.#series.next();
      const { columns } = this.#series;
      columns.id.data[row] = entry.id;
      columns.hash.data[row] = entry.hash;
      for (const name of ['key', 'name', 'description', 'unit'] as const) columns[name].set(row, entry[name]);
      for (const name of ['type', 'temporality', 'monotonic'] as const) columns[name].data[row] = entry[name];
      columns.resource.data[row] = entry.resource;
      columns.shape.data[row] = entry.shape;
      setTexts(columns.vals, row, entry.vals);
    }
    for (const [signal, extent] of extents) {
      if (extent.items === 0) continue;
      const row = this.#extents.next();
      this.#extents.columns.signal.data[row] = signal;
      this.#extents.columns.items.data[row] = BigInt(extent.items);
      this.#extents.columns.min.data[row] = extent.minNano;
      this.#extents.columns.max.data[row] = extent.maxNano;
    }
  }
}

function setTexts(column: TextListColumn, row: number, texts: readonly string[]): void {
  for (const text of texts) column.push(text);
  column.endRow(row);
}

function resourceColumns(heap: NativeHeap) {
  return {
    id: new NumberColumn('integer'),
    key: new TextColumn(heap),
    service: new TextColumn(heap),
    environment: new TextColumn(heap),
    instance: new TextColumn(heap),
    keys: new TextListColumn(heap),
    types: new NumberListColumn('smallint'),
    vals: new TextListColumn(heap),
  };
}

function scopeColumns(heap: NativeHeap) {
  return {
    id: new NumberColumn('integer'),
    name: new TextColumn(heap),
    version: new TextColumn(heap),
  };
}

function shapeColumns(heap: NativeHeap) {
  return {
    id: new NumberColumn('integer'),
    keys: new TextListColumn(heap),
    types: new NumberListColumn('smallint'),
    places: new NumberListColumn('smallint'),
  };
}

function seriesColumns(heap: NativeHeap) {
  return {
    id: new NumberColumn('integer'),
    hash: new NumberColumn('ubigint'),
    key: new TextColumn(heap),
    name: new TextColumn(heap),
    description: new TextColumn(heap),
    unit: new TextColumn(heap),
    type: new NumberColumn('utinyint'),
    temporality: new NumberColumn('utinyint'),
    monotonic: new NumberColumn('utinyint'),
    resource: new NumberColumn('integer'),
    shape: new NumberColumn('integer'),
    vals: new TextListColumn(heap),
  };
}

function extentColumns() {
  return {
    signal: new NumberColumn('utinyint'),
    items: new NumberColumn('bigint'),
    min: new NumberColumn('bigint'),
    max: new NumberColumn('bigint'),
  };
}
