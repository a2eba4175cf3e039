import type { Attributes } from '../../../api/contract/index.js';
import { PROMOTED, promotedColumn } from '../schema.js';
import type { Slice } from '../slice.js';
import type { AttributeJoins, ItemSignal } from './attribute-sql.js';
import { attributesOf, listOf } from './encode-values.js';
import type { Params } from './params.js';
import type { Row } from './query-runner.js';

const IN_ROWS = `coalesce(s.p_correlation_id, '') AS correlation_id, coalesce(s.p_saga_id, '') AS saga_id,
  coalesce(s.p_synthetic, '') AS synthetic`;
const OF_RESOURCE = 'r.service, r.environment, r.instance';

/** Columns of each kind of item that every question may use, under the alias `i`. */
const COLUMNS: Record<ItemSignal, string[]> = {
  spans: columnsIn(`s.trace_id, s.span_id, s.parent_id, s.start_nano, s.duration_nano, s.kind, s.status, s.name,
    s.event_count, s.link_count, s.start_nano AS time_nano, ${IN_ROWS}, ${OF_RESOURCE}`),
  logs: columnsIn(`s.position, s.item, s.time_nano, s.observed_nano, s.severity, s.severity_text, s.event_name, s.body,
    s.trace_id, s.span_id, ${IN_ROWS}, ${OF_RESOURCE}`),
  series: columnsIn(`s.id, s.hash, s.name AS metric, s.description, s.unit, s.type, s.temporality, s.monotonic,
    ${OF_RESOURCE}`),
};

function columnsIn(list: string): string[] {
  return list.split(/,\s+(?=[a-z]+[.(])/);
}

/** Names of the columns of `i` that a piece of SQL speaks of. */
export function usedColumns(sql: string): ReadonlySet<string> {
  return new Set([...sql.matchAll(/\bi\.(\w+)/g)].map(([, name]) => name as string));
}

export interface ItemsOptions {
  where?: string | ((slice: Slice) => string);
  detailed?: boolean;
  columns?: ReadonlySet<string>;
  /**
   * What gives the service, in SQL, of all items of a slice that `where` leaves, where it is known: resources may then be
   * left out. Called where the SQL says it only, because DuckDB refuses values that no SQL speaks of.
   */
  serviceOf?: (slice: Slice) => (() => string) | undefined;
}

/**
 * All items of some slices as one relation: dictionary ids are resolved, attributes are there as the columns that
 * `attributes` names. DuckDB leaves out what is not asked for and filters before it joins slices.
 */
export function itemsSql(
  signal: ItemSignal,
  slices: readonly Slice[],
  attributes: AttributeJoins,
  params: Params,
  options: ItemsOptions = {},
): string {
  // DuckDB's planner spends time on each column of each slice, whether or not it is used.
  const wanted = COLUMNS[signal].filter((column) => options.columns?.has(/\w+$/.exec(column)?.[0] ?? '') ?? true);
  const parts = slices.map((slice) => {
    const where = typeof options.where === 'function' ? options.where(slice) : options.where;
    const { columns, joins, found } = attributes.partsOf(slice.catalog, signal, params);
    const isOpened = options.detailed === true || found.length > 0;
    const ofResource = wanted.filter((column) => column.startsWith('r.')).map((column) => column.slice(2));
    const service = options.serviceOf?.(slice);
    const isJoined = isOpened || service === undefined || ofResource.some((column) => column !== 'service');
    const own = isJoined
      ? wanted
      : wanted.map((column) => (column === 'r.service' ? `${service()} AS service` : column));
    const resource = `JOIN (SELECT ${['id', ...ofResource, ...(isOpened ? ['keys, types, vals'] : []), ...found].join(', ')}
      FROM ${slice.catalog}.resources) r ON r.id = s.resource`;
    return `SELECT ${[...own, ...columns].join(', ')}
      ${options.detailed ? `, ${detailColumns(signal)}` : ''}
      FROM ${slice.catalog}.${signal} s
      ${isJoined ? resource : ''}
      ${joins.join('\n')}
      ${options.detailed ? `JOIN ${slice.catalog}.shapes k ON k.id = s.shape` : ''}
      ${options.detailed && signal !== 'series' ? `JOIN ${slice.catalog}.scopes c ON c.id = s.scope` : ''}
      ${where ? `WHERE ${where}` : ''}`;
  });
  return `(${parts.join('\nUNION ALL\n')}) i`;
}

/** Everything that an item's attributes and those of its resource are put together from: {@link detailsOf}. */
function detailColumns(signal: ItemSignal): string {
  const common =
    'k.keys, k.types, k.places, s.vals, r.keys AS resource_keys, r.types AS resource_types, r.vals AS resource_vals';
  if (signal === 'series') return common;
  const own = PROMOTED[signal].map((name) => `s.${promotedColumn(name)}`).join(', ');
  const scope = 'c.name AS scope_name, c.version AS scope_version';
  const span = signal === 'spans' ? ', s.status_message, s.trace_state, s.events, s.links' : '';
  return `${common}, ${scope}, [${own}] AS promoted${span}`;
}

/** Attributes of a row that was asked for in detail. */
export function detailsOf(row: Row, signal: ItemSignal): { attributes: Attributes; resource: Attributes } {
  const keys = listOf<string>(row.keys);
  const types = listOf<number>(row.types);
  const places = listOf<number>(row.places);
  const vals = listOf<string>(row.vals);
  const promoted = listOf<string | null>(row.promoted);
  const names: readonly string[] = signal === 'series' ? [] : PROMOTED[signal];
  const texts = places.map((place, index) =>
    place > 0 ? (vals[place - 1] ?? '') : (promoted[names.indexOf(keys[index] as string)] ?? ''),
  );
  return {
    attributes: attributesOf(keys, types, texts),
    resource: attributesOf(
      listOf<string>(row.resource_keys),
      listOf<number>(row.resource_types),
      listOf<string>(row.resource_vals),
    ),
  };
}
