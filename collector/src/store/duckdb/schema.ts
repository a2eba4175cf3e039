/** Grows with every change of the tables below that older code can not read. */
export const SCHEMA_VERSION = 2;

/**
 * Attributes with a column of their own, because people filter and group by them all day. Their values stand there
 * and not among the others, in the same textual form. Part of the schema: a change grows {@link SCHEMA_VERSION}.
 */
export const PROMOTED = {
  spans: [
    'http.request.method',
    'http.route',
    'http.response.status_code',
    'url.path',
    'server.address',
    'error.type',
    'db.system.name',
    'messaging.destination.name',
    'rpc.method',
    'correlation.id',
    'saga.id',
    'saga.step.name',
    'synthetic',
    'synthetic.check',
  ],
  logs: ['correlation.id', 'saga.id', 'error.type', 'synthetic'],
} as const;

/** Column of a promoted attribute. */
export function promotedColumn(attribute: string): string {
  return `p_${attribute.replaceAll('.', '_')}`;
}

const ZSTD = "USING COMPRESSION 'zstd'";

function promoted(attributes: readonly string[]): Record<string, string> {
  return Object.fromEntries(attributes.map((attribute) => [promotedColumn(attribute), 'VARCHAR']));
}

const RED_VALUES = {
  count: 'DOUBLE NOT NULL',
  errors: 'DOUBLE NOT NULL',
  buckets: 'SMALLINT[] NOT NULL',
  bucket_counts: 'UINTEGER[] NOT NULL',
};

/**
 * Tables that rows are staged for, columns in the order in which they are staged. `resource`, `scope`, `shape` and
 * `series` are ids of the slice's dictionaries. `vals` are attribute values as text; which key each belongs to, and
 * its type, says the shape. Times are Unix nanoseconds, at most 2⁶³ − 1 (the year 2262). Ids are 0 where there is none.
 */
export const ROWS = {
  spans: {
    trace_id: 'UHUGEINT NOT NULL',
    span_id: 'UBIGINT NOT NULL',
    parent_id: 'UBIGINT NOT NULL',
    start_nano: 'BIGINT NOT NULL',
    duration_nano: 'BIGINT NOT NULL',
    kind: 'UTINYINT NOT NULL',
    status: 'UTINYINT NOT NULL',
    flags: 'UINTEGER NOT NULL',
    resource: 'INTEGER NOT NULL',
    scope: 'INTEGER NOT NULL',
    shape: 'INTEGER NOT NULL',
    name: 'VARCHAR NOT NULL',
    status_message: `VARCHAR NOT NULL ${ZSTD}`,
    trace_state: 'VARCHAR NOT NULL',
    ...promoted(PROMOTED.spans),
    vals: 'VARCHAR[] NOT NULL',
    events: `VARCHAR NOT NULL ${ZSTD}`,
    links: `VARCHAR NOT NULL ${ZSTD}`,
    event_count: 'USMALLINT NOT NULL',
    link_count: 'USMALLINT NOT NULL',
  },
  logs: {
    position: 'BIGINT NOT NULL',
    item: 'INTEGER NOT NULL',
    time_nano: 'BIGINT NOT NULL',
    observed_nano: 'BIGINT NOT NULL',
    severity: 'UTINYINT NOT NULL',
    flags: 'UINTEGER NOT NULL',
    trace_id: 'UHUGEINT NOT NULL',
    span_id: 'UBIGINT NOT NULL',
    resource: 'INTEGER NOT NULL',
    scope: 'INTEGER NOT NULL',
    shape: 'INTEGER NOT NULL',
    severity_text: 'VARCHAR NOT NULL',
    event_name: 'VARCHAR NOT NULL',
    body: `VARCHAR NOT NULL ${ZSTD}`,
    ...promoted(PROMOTED.logs),
    vals: 'VARCHAR[] NOT NULL',
  },
  points: {
    series: 'INTEGER NOT NULL',
    time_nano: 'BIGINT NOT NULL',
    start_nano: 'BIGINT NOT NULL',
    flags: 'UINTEGER NOT NULL',
    value: 'DOUBLE NOT NULL',
    observations: 'DOUBLE NOT NULL',
    min: 'DOUBLE NOT NULL',
    max: 'DOUBLE NOT NULL',
    counts: 'DOUBLE[] NOT NULL',
    bounds: 'DOUBLE[] NOT NULL',
    scale: 'INTEGER NOT NULL',
    zero_count: 'DOUBLE NOT NULL',
    positive_offset: 'INTEGER NOT NULL',
    negative_offset: 'INTEGER NOT NULL',
    negative_counts: 'DOUBLE[] NOT NULL',
  },
  exemplars: {
    series: 'INTEGER NOT NULL',
    time_nano: 'BIGINT NOT NULL',
    value: 'DOUBLE NOT NULL',
    trace_id: 'UHUGEINT NOT NULL',
    span_id: 'UBIGINT NOT NULL',
  },
  red: {
    minute_ms: 'BIGINT NOT NULL',
    service: 'VARCHAR NOT NULL',
    environment: 'VARCHAR NOT NULL',
    version: 'VARCHAR NOT NULL',
    instance: 'VARCHAR NOT NULL',
    host: 'VARCHAR NOT NULL',
    language: 'VARCHAR NOT NULL',
    track: 'VARCHAR NOT NULL',
    operation: 'VARCHAR NOT NULL',
    kind: 'VARCHAR NOT NULL',
    synthetic: 'UTINYINT NOT NULL',
    ...RED_VALUES,
    last_nano: 'BIGINT NOT NULL',
  },
  edges: {
    minute_ms: 'BIGINT NOT NULL',
    source: 'VARCHAR NOT NULL',
    target: 'VARCHAR NOT NULL',
    kind: 'VARCHAR NOT NULL',
    system: 'VARCHAR NOT NULL',
    environment: 'VARCHAR NOT NULL',
    synthetic: 'UTINYINT NOT NULL',
    side: 'VARCHAR NOT NULL',
    ...RED_VALUES,
    crash: 'DOUBLE NOT NULL',
    omission: 'DOUBLE NOT NULL',
    timing: 'DOUBLE NOT NULL',
    response: 'DOUBLE NOT NULL',
    arbitrary: 'DOUBLE NOT NULL',
    sample_trace: 'UHUGEINT NOT NULL',
    sample_span: 'UBIGINT NOT NULL',
  },
  traces: {
    trace_id: 'UHUGEINT NOT NULL',
    start_nano: 'BIGINT NOT NULL',
    end_nano: 'BIGINT NOT NULL',
    spans: 'UINTEGER NOT NULL',
    errors: 'UINTEGER NOT NULL',
    has_root: 'UTINYINT NOT NULL',
    root_service: 'VARCHAR NOT NULL',
    root_name: 'VARCHAR NOT NULL',
    root_start_nano: 'BIGINT NOT NULL',
    root_duration_nano: 'BIGINT NOT NULL',
    environment: 'VARCHAR NOT NULL',
    correlation_id: 'VARCHAR NOT NULL',
    saga_id: 'VARCHAR NOT NULL',
    synthetic: 'UTINYINT NOT NULL',
    synthetic_check: 'VARCHAR NOT NULL',
    services: `VARCHAR NOT NULL ${ZSTD}`,
  },
  sagas: {
    saga_id: 'VARCHAR NOT NULL',
    saga_name: 'VARCHAR NOT NULL',
    environment: 'VARCHAR NOT NULL',
    time_nano: 'BIGINT NOT NULL',
    trace_id: 'VARCHAR NOT NULL',
    correlation_id: 'VARCHAR NOT NULL',
    synthetic: 'UTINYINT NOT NULL',
    fact: `VARCHAR NOT NULL ${ZSTD}`,
  },
  breakers: {
    service: 'VARCHAR NOT NULL',
    name: 'VARCHAR NOT NULL',
    environment: 'VARCHAR NOT NULL',
    time_nano: 'BIGINT NOT NULL',
    kind: 'VARCHAR NOT NULL',
    fact: `VARCHAR NOT NULL ${ZSTD}`,
  },
  senders: {
    service: 'VARCHAR NOT NULL',
    environment: 'VARCHAR NOT NULL',
    sdk: 'VARCHAR NOT NULL',
    sdk_version: 'VARCHAR NOT NULL',
    language: 'VARCHAR NOT NULL',
    last_nano: 'BIGINT NOT NULL',
  },
  /** Dictionaries. Ids are given out by the writer and are good within their slice only. */
  resources: {
    id: 'INTEGER NOT NULL',
    key: 'VARCHAR NOT NULL',
    service: 'VARCHAR NOT NULL',
    environment: 'VARCHAR NOT NULL',
    instance: 'VARCHAR NOT NULL',
    keys: 'VARCHAR[] NOT NULL',
    types: 'SMALLINT[] NOT NULL',
    vals: 'VARCHAR[] NOT NULL',
  },
  scopes: { id: 'INTEGER NOT NULL', name: 'VARCHAR NOT NULL', version: 'VARCHAR NOT NULL' },
  /** `places[i]` is where in `vals` the value of `keys[i]` stands, from 1; 0 when it has a column of its own. */
  shapes: {
    id: 'INTEGER NOT NULL',
    keys: 'VARCHAR[] NOT NULL',
    types: 'SMALLINT[] NOT NULL',
    places: 'SMALLINT[] NOT NULL',
  },
  series: {
    id: 'INTEGER NOT NULL',
    /** The same series has the same hash in every slice. */
    hash: 'UBIGINT NOT NULL',
    key: 'VARCHAR NOT NULL',
    name: 'VARCHAR NOT NULL',
    description: 'VARCHAR NOT NULL',
    unit: 'VARCHAR NOT NULL',
    type: 'UTINYINT NOT NULL',
    temporality: 'UTINYINT NOT NULL',
    monotonic: 'UTINYINT NOT NULL',
    resource: 'INTEGER NOT NULL',
    shape: 'INTEGER NOT NULL',
    vals: 'VARCHAR[] NOT NULL',
  },
  /** What each commit added: how many items of a signal, over which event times. */
  extents: {
    signal: 'UTINYINT NOT NULL',
    items: 'BIGINT NOT NULL',
    min_nano: 'BIGINT NOT NULL',
    max_nano: 'BIGINT NOT NULL',
  },
} as const;

export type RowTable = keyof typeof ROWS;
export const ROW_TABLES = Object.keys(ROWS) as RowTable[];

/**
 * Statements that lay out the tables of a slice, `catalog` being its attached name. `isPlain` says of which columns it
 * is known that they hold next to nothing: zstd would take some blocks for each all the same.
 */
export function sliceStatements(
  catalog: string,
  isPlain: (table: RowTable, column: string) => boolean = () => false,
): string[] {
  return [
    ...ROW_TABLES.map((table) => {
      const columns = Object.entries(ROWS[table]).map(([name, type]: [string, string]) => [
        name,
        isPlain(table, name) ? type.replace(ZSTD, '') : type,
      ]);
      return createTable(`${catalog}.${table}`, Object.fromEntries(columns) as Record<string, string>);
    }),
    `CREATE TABLE ${catalog}.meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)`,
  ];
}

/** Columns that zstd packs, by their table. */
export const PACKED: readonly { table: RowTable; column: string }[] = ROW_TABLES.flatMap((table) =>
  Object.entries(ROWS[table])
    .filter(([, type]: [string, string]) => type.includes(ZSTD))
    .map(([column]) => ({ table, column })),
);

/**
 * What a sealed slice has besides: figures by the hour, which service answers at an address that calls named, the
 * longest span of each operation, and filters over ids (id-filter.ts) by their kind.
 */
export function sealedStatements(catalog: string): string[] {
  return [
    createTable(`${catalog}.red_hours`, ROWS.red),
    createTable(`${catalog}.edge_hours`, ROWS.edges),
    `CREATE TABLE ${catalog}.resolutions (source VARCHAR NOT NULL, target VARCHAR NOT NULL, service VARCHAR NOT NULL)`,
    `CREATE TABLE ${catalog}.operations (service VARCHAR NOT NULL, name VARCHAR NOT NULL, longest_nano BIGINT NOT NULL)`,
    `CREATE TABLE ${catalog}.filters (kind VARCHAR PRIMARY KEY, bits BLOB NOT NULL)`,
  ];
}

function createTable(name: string, columns: Readonly<Record<string, string>>): string {
  const list = Object.entries(columns).map(([column, type]) => `"${column}" ${type}`);
  return `CREATE TABLE ${name} (${list.join(', ')})`;
}
