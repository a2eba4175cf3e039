import { type AttributeSource, attributeKey, attributeText, textAt } from '../../../decode/text.js';
import type { ResourceColumns, ScopeColumns } from '../../../telemetry/attribute-columns.js';
import { Name } from '../../../telemetry/vocabulary.js';
import { RememberedIds } from './remembered-ids.js';
import { type Shape, ShapeTable } from './shape.js';

export interface ResourceEntry {
  id: number;
  key: string;
  service: string;
  environment: string;
  instance: string;
  keys: string[];
  types: number[];
  vals: string[];
}

export interface ScopeEntry {
  id: number;
  name: string;
  version: string;
}

export interface SeriesEntry {
  id: number;
  hash: bigint;
  key: string;
  name: string;
  description: string;
  unit: string;
  type: number;
  temporality: number;
  monotonic: number;
  resource: number;
  shape: number;
  vals: string[];
}

/** What stood in the slice's dictionaries before: the newest entries, as many as are remembered, and the last ids. */
export interface StoredDictionary {
  resources: { id: number; key: string }[];
  scopes: { id: number; key: string }[];
  series: { id: number; key: string }[];
  last: { resources: number; scopes: number; series: number; shapes: number };
}

/** How many of each are remembered; see {@link RememberedIds}. */
export const REMEMBERED = { resources: 20_000, scopes: 5_000, series: 200_000 } as const;

/**
 * The dictionaries of one slice while it is written: ids for what repeats on every row. What was added since the last
 * {@link takeAdded} must be stored in the commit that uses it; after a failed commit the dictionary is read anew.
 */
export class Dictionary {
  readonly #resources: RememberedIds;
  readonly #scopes: RememberedIds;
  readonly #series: RememberedIds;
  readonly shapes: { spans: ShapeTable; logs: ShapeTable; metrics: ShapeTable };
  #added: { resources: ResourceEntry[]; scopes: ScopeEntry[]; series: SeriesEntry[] } = emptyAdded();

  constructor(stored: StoredDictionary, promoted: { spans: readonly string[]; logs: readonly string[] }) {
    const { last: lastIds } = stored;
    this.#resources = new RememberedIds(REMEMBERED.resources, stored.resources, lastIds.resources);
    this.#scopes = new RememberedIds(REMEMBERED.scopes, stored.scopes, lastIds.scopes);
    this.#series = new RememberedIds(REMEMBERED.series, stored.series, lastIds.series);
    // One sequence of ids for the three: a shape says by its places which columns it leaves out.
    let last = lastIds.shapes;
    const nextId = () => ++last;
    this.shapes = {
      spans: new ShapeTable(promoted.spans, nextId),
      logs: new ShapeTable(promoted.logs, nextId),
      metrics: new ShapeTable([], nextId),
    };
  }

  resource(source: AttributeSource, resources: ResourceColumns, row: number): number {
    const from = resources.attributes.from[row] as number;
    const to = resources.attributes.to[row] as number;
    const keys: string[] = [];
    const types: number[] = [];
    const vals: string[] = [];
    for (let attribute = from; attribute < to; attribute++) {
      keys.push(attributeKey(source, attribute));
      types.push(source.attributes.type[attribute] as number);
      vals.push(attributeText(source, attribute));
    }
    const key = JSON.stringify([keys, types, vals]);
    const known = this.#resources.of(key);
    if (known !== undefined) return known;
    const id = this.#resources.add(key);
    const value = (name: string) => vals[keys.indexOf(name)] ?? '';
    this.#added.resources.push({
      id,
      key,
      service: value(Name.serviceName) || 'unknown_service',
      environment: value(Name.environment) || value('deployment.environment'),
      instance: value(Name.serviceInstanceId),
      keys,
      types,
      vals,
    });
    return id;
  }

  /** What a resource is, the same in every slice. */
  resourceKey(id: number): string {
    return this.#resources.keyOf(id);
  }

  scope(bytes: Uint8Array, scopes: ScopeColumns, row: number): number {
    const name = textAt(bytes, scopes.name.offset[row] as number, scopes.name.length[row] as number);
    const version = textAt(bytes, scopes.version.offset[row] as number, scopes.version.length[row] as number);
    const key = `${name}\0${version}`;
    const known = this.#scopes.of(key);
    if (known !== undefined) return known;
    const id = this.#scopes.add(key);
    this.#added.scopes.push({ id, name, version });
    return id;
  }

  /** Id of a series by its key; `describe` is asked only for a new one. */
  series(key: string, describe: () => Omit<SeriesEntry, 'id' | 'key'>): number {
    const known = this.#series.of(key);
    if (known !== undefined) return known;
    const id = this.#series.add(key);
    this.#added.series.push({ id, key, ...describe() });
    return id;
  }

  takeAdded(): { resources: ResourceEntry[]; scopes: ScopeEntry[]; series: SeriesEntry[]; shapes: Shape[] } {
    const added = this.#added;
    this.#added = emptyAdded();
    for (const ids of [this.#resources, this.#scopes, this.#series]) ids.forgetSome();
    const shapes = [this.shapes.spans, this.shapes.logs, this.shapes.metrics].flatMap((table) => table.takeAdded());
    return { ...added, shapes };
  }
}

function emptyAdded(): { resources: ResourceEntry[]; scopes: ScopeEntry[]; series: SeriesEntry[] } {
  return { resources: [], scopes: [], series: [] };
}
