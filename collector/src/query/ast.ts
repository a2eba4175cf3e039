/**
 * A filter after parsing: what both stores translate. The grammar and its meaning are written down in
 * docs/query-language.md; nothing outside this union may reach a store.
 */
export type FilterNode =
  | { kind: 'all' }
  | { kind: 'and'; nodes: FilterNode[] }
  | { kind: 'or'; nodes: FilterNode[] }
  | { kind: 'not'; node: FilterNode }
  /** The field is there and not empty: `http.route:*`. */
  | { kind: 'exists'; field: FieldRef }
  | { kind: 'compare'; field: FieldRef; op: CompareOp; value: FilterValue }
  /**
   * `name:pay*` — `*` any run of characters, `?` one; case-insensitive in ASCII, whole value. A backslash makes the
   * `*`, `?` or `\\` after it an ordinary character.
   */
  | { kind: 'wildcard'; field: FieldRef; pattern: string }
  /** A bare word or "quoted phrase": substring, case-insensitive in ASCII, of a log body or of a span's name. */
  | { kind: 'text'; text: string };

export type CompareOp = '=' | '>' | '>=' | '<' | '<=';

/** Numbers compare as doubles, except `=` on whole numbers beyond 2⁵³, which compares the exact `text`. */
export type FilterValue =
  | { type: 'string'; text: string }
  | { type: 'number'; number: number; text: string }
  | { type: 'boolean'; value: boolean; text: string };

/**
 * A field as the language resolves it. `column` is a column that every store has by this name; `attribute` is looked
 * for on the item first and then on its resource.
 */
export type FieldRef = { source: 'column'; column: ColumnName } | { source: 'attribute'; name: string };

/** Columns of the three signals; a filter that uses one the signal has not is refused with its position. */
export type ColumnName =
  | 'service'
  | 'environment'
  | 'name'
  | 'kind'
  | 'status'
  /** Milliseconds in comparisons. */
  | 'duration'
  | 'trace_id'
  | 'span_id'
  | 'correlation_id'
  | 'saga_id'
  | 'severity'
  | 'body'
  | 'event_name'
  /** Of the trace, in /traces only. */
  | 'trace.duration'
  | 'trace.spans'
  | 'trace.errors'
  | 'root.service'
  | 'root.name'
  /** Sagas only. */
  | 'saga.name'
  | 'saga.state'
  | 'saga.stuck';
