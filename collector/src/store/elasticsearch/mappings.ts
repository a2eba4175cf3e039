import type { estypes } from '@elastic/elasticsearch';
import type { IndexKind } from './indices.js';

type Properties = Record<string, estypes.MappingProperty>;

/**
 * Longest text, in UTF-16 units, that one keyword can hold: 8191 × 4 bytes of UTF-8 stay below Lucene's 32,766.
 * A span's name beyond it is kept and shown, but not found by its value. A log body beyond it is indexed in pieces.
 */
export const SEARCHABLE_LENGTH = 8191;

/** Pieces of a long body overlap by the longest phrase that can be asked for, so a phrase is whole in one of them. */
export const BODY_OVERLAP = 1024;

/** How much of a string attribute takes part in comparisons, in code points: the query language says so. */
export const COMPARED_LENGTH = 1024;

const keyword: estypes.MappingProperty = { type: 'keyword', ignore_above: SEARCHABLE_LENGTH };
const kept: estypes.MappingProperty = { type: 'keyword', index: false, doc_values: false };
const time: estypes.MappingProperty = { type: 'date_nanos', format: 'epoch_millis' };
const milliseconds: estypes.MappingProperty = { type: 'date', format: 'epoch_millis' };
const long: estypes.MappingProperty = { type: 'long' };
const integer: estypes.MappingProperty = { type: 'integer' };
const boolean: estypes.MappingProperty = { type: 'boolean' };
/** Kept as it came, not looked into. */
const opaque: estypes.MappingProperty = { type: 'object', enabled: false };

/**
 * Attributes by type: `str.<key>`, `num.<key>`, `bool.<key>`, so that no two senders can disagree about a field's type,
 * and `int.<key>` with the digits of whole numbers that a double would change. `subobjects: false` makes every key,
 * whatever dots it has, one flat field. `more.str|num|bool` hold `key␟value` terms of keys beyond the budget of fields:
 * keyword lists rather than `flattened`, whose fields cannot be asked by wildcard, nor numbers in it by range.
 * `more.there` and `more.blank` name keys whose value no typed field tells of: maps, bytes, lists; and empty ones.
 * `json` keeps, as JSON text, every value that the typed fields do not hold exactly.
 */
const attributes: estypes.MappingProperty = {
  type: 'object',
  dynamic: true,
  subobjects: false,
  properties: {
    'more.str': { type: 'keyword', ignore_above: SEARCHABLE_LENGTH },
    'more.num': { type: 'keyword', ignore_above: SEARCHABLE_LENGTH },
    'more.bool': { type: 'keyword', ignore_above: SEARCHABLE_LENGTH },
    'more.there': { type: 'keyword', ignore_above: SEARCHABLE_LENGTH },
    'more.blank': { type: 'keyword', ignore_above: SEARCHABLE_LENGTH },
    json: kept,
  },
};

const attributeTemplates = [
  { path: 'str', mapping: { type: 'keyword', ignore_above: SEARCHABLE_LENGTH } },
  { path: 'num', mapping: { type: 'double' } },
  { path: 'bool', mapping: { type: 'boolean' } },
  { path: 'int', mapping: { type: 'keyword', ignore_above: 64 } },
].flatMap(({ path, mapping }) =>
  ['attributes', 'resource'].map((owner) => ({
    [`${owner}_${path}`]: { path_match: `${owner}.${path}.*`, mapping },
  })),
) as Record<string, estypes.MappingDynamicTemplate>[];

/** Where an item stands in the log: order of arrival, and what a replay is recognised by. */
const arrival: Properties = { log: { type: 'keyword' }, position: long, row: integer };

const item: Properties = {
  '@timestamp': time,
  time: kept,
  service: keyword,
  environment: keyword,
  instance: keyword,
  ...arrival,
  attributes,
  resource: attributes,
};

const inTrace: Properties = { trace_id: keyword, span_id: keyword, correlation_id: keyword, saga_id: keyword };

const properties: Record<IndexKind, Properties> = {
  spans: {
    ...item,
    ...inTrace,
    end: kept,
    duration: long,
    bucket: { type: 'short' },
    parent_span_id: keyword,
    name: keyword,
    kind: keyword,
    status: keyword,
    category: keyword,
    host: keyword,
    synthetic: boolean,
    status_message: kept,
    trace_state: kept,
    scope: kept,
    events: kept,
    links: kept,
    event_count: { type: 'integer', index: false, doc_values: false },
    link_count: { type: 'integer', index: false, doc_values: false },
    linked_traces: keyword,
  },
  logs: {
    ...item,
    ...inTrace,
    severity: keyword,
    severity_rank: { type: 'byte' },
    severity_text: kept,
    event_name: keyword,
    body: keyword,
    body_parts: keyword,
    synthetic: boolean,
  },
  metrics: {
    ...item,
    name: keyword,
    description: kept,
    unit: kept,
    type: keyword,
    temporality: keyword,
    monotonic: boolean,
    point: kept,
    exemplars: kept,
    keys: keyword,
  },
  red: {
    minute: milliseconds,
    service: keyword,
    environment: keyword,
    synthetic: boolean,
    operation: keyword,
    delta: opaque,
    applied: opaque,
  },
  edges: {
    minute: milliseconds,
    source: keyword,
    target: keyword,
    environment: keyword,
    synthetic: boolean,
    delta: opaque,
    applied: opaque,
  },
  traces: {
    '@timestamp': time,
    start: kept,
    end: kept,
    trace_id: keyword,
    duration: long,
    spans: integer,
    errors: integer,
    root_service: keyword,
    root_name: keyword,
    services: keyword,
    environment: keyword,
    correlation_id: keyword,
    saga_id: keyword,
    synthetic: boolean,
    state: opaque,
    applied: opaque,
  },
  'saga-facts': {
    '@timestamp': time,
    saga_id: keyword,
    saga_name: keyword,
    environment: keyword,
    synthetic: boolean,
    correlation_id: keyword,
    trace_id: keyword,
    step: keyword,
    event: keyword,
    service: keyword,
    fact: opaque,
  },
  'breaker-facts': {
    '@timestamp': time,
    breaker: keyword,
    kind: keyword,
    service: keyword,
    environment: keyword,
    instance: keyword,
    fact: opaque,
  },
  'dead-letters': {
    '@timestamp': milliseconds,
    index: keyword,
    id: keyword,
    reason: kept,
    document: kept,
    log: keyword,
    position: long,
    last_position: { type: 'long', index: false, doc_values: false },
  },
  senders: { last_seen: time, state: opaque, applied: opaque },
  control: { position: long, updated: milliseconds },
};

export function mappingOf(kind: IndexKind): estypes.MappingTypeMapping {
  const own = properties[kind];
  return {
    dynamic: false,
    date_detection: false,
    numeric_detection: false,
    ...('attributes' in own ? { dynamic_templates: attributeTemplates } : {}),
    properties: own,
  };
}
