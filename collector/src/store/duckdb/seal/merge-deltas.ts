import { ROWS } from '../schema.js';

const LISTS = ['buckets', 'bucket_counts'];
const SUMS = ['count', 'errors', 'crash', 'omission', 'timing', 'response', 'arbitrary'];
const NEWEST = ['last_nano', 'sample_trace', 'sample_span'];
/** A sample's two ids belong together: both are taken from the same delta. */
const ONE_OF = { sample_trace: 'sample_span', sample_span: 'sample_span', last_nano: 'last_nano' } as const;
const STEPS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Deltas of a relation as one row a key and minute, hour or day (UTC), instead of one a commit: the table's own columns
 * in their order.
 */
export function mergedFigures(table: 'red' | 'edges', from: string, by: keyof typeof STEPS_MS): string {
  const columns = Object.keys(ROWS[table]);
  const keys = columns.filter((column) => ![...LISTS, ...SUMS, ...NEWEST].includes(column)).map((key) => `"${key}"`);
  const figures = columns.filter((column) => SUMS.includes(column)).map((column) => `sum("${column}") AS "${column}"`);
  const newest = columns
    .filter((column) => NEWEST.includes(column))
    .map((column) => `arg_max("${column}", "${ONE_OF[column as keyof typeof ONE_OF]}") AS "${column}"`);
  const group = keys.join(', ');
  const order = columns.map((column) => (LISTS.includes(column) ? `l.${column}` : `c."${column}"`)).join(', ');
  const minute = by === 'minute' ? 'minute_ms' : `minute_ms // ${STEPS_MS[by]} * ${STEPS_MS[by]}`;
  return `WITH d AS MATERIALIZED (SELECT * REPLACE (${minute} AS minute_ms) FROM ${from}),
    c AS (SELECT ${[group, ...figures, ...newest].join(', ')} FROM d GROUP BY ${group}),
    u AS (SELECT ${group}, unnest(buckets) AS bucket, unnest(bucket_counts) AS hits FROM d),
    b AS (SELECT ${group}, bucket, sum(hits)::UINTEGER AS hits FROM u GROUP BY ${group}, bucket),
    l AS (SELECT ${group}, list(bucket ORDER BY bucket) AS buckets, list(hits ORDER BY bucket) AS bucket_counts
      FROM b GROUP BY ${group})
    SELECT ${order} FROM c JOIN l USING (${group}) ORDER BY minute_ms`;
}

/**
 * Parts of traces as one row a trace and environment, so that every question means the same of it as of the parts;
 * lists of services are strung together, readers add them up.
 */
export function mergedTraces(from: string): string {
  const merged: Record<string, string> = {
    trace_id: 'trace_id',
    start_nano: 'min(start_nano)',
    end_nano: 'max(end_nano)',
    spans: 'sum(spans)::UINTEGER',
    errors: 'sum(errors)::UINTEGER',
    has_root: 'max(has_root)',
    root_service: root('root_service', "''"),
    root_name: root('root_name', "''"),
    root_start_nano: root('root_start_nano', '0'),
    root_duration_nano: root('root_duration_nano', '0'),
    environment: 'environment',
    correlation_id: 'max(correlation_id)',
    saga_id: 'max(saga_id)',
    synthetic: 'max(synthetic)',
    synthetic_check: 'max(synthetic_check)',
    services: "'[' || coalesce(string_agg(services[2:-2], ',') FILTER (len(services) > 2), '') || ']'",
  };
  const columns = Object.keys(ROWS.traces).map((column) => `${merged[column] as string} AS "${column}"`);
  return `SELECT ${columns.join(', ')} FROM ${from} GROUP BY trace_id, environment ORDER BY min(start_nano)`;
}

function root(column: string, otherwise: string): string {
  return `coalesce(arg_min(${column}, root_start_nano) FILTER (has_root = 1), ${otherwise})`;
}

export function mergedSenders(from: string): string {
  return `SELECT service, environment, sdk, sdk_version, max(language), max(last_nano) FROM ${from}
    GROUP BY service, environment, sdk, sdk_version`;
}

export function mergedExtents(from: string, without: readonly number[]): string {
  const kept = without.length > 0 ? `WHERE signal NOT IN (${without.join(', ')})` : '';
  return `SELECT signal, sum(items)::BIGINT, min(min_nano), max(max_nano) FROM ${from} ${kept} GROUP BY signal`;
}

/** Services that answer at the addresses clients named: the server spans under their sample calls tell. */
export function resolutionsSql(edges: string, catalog: string): string {
  return `SELECT source, target, arg_max(service, calls) FROM (
      SELECT e.source, e.target, r.service, count(*) AS calls
      FROM (SELECT DISTINCT source, target, sample_trace, sample_span FROM ${edges}
        WHERE side = 'client' AND starts_with(target, 'external:')) e
      JOIN ${catalog}.spans s ON s.trace_id = e.sample_trace AND s.parent_id = e.sample_span AND s.kind = 2
      JOIN ${catalog}.resources r ON r.id = s.resource
      GROUP BY ALL)
    GROUP BY source, target`;
}
