import type { estypes } from '@elastic/elasticsearch';
import type { ColumnName, CompareOp, FieldRef, FilterNode, FilterValue } from '../../../query/ast.js';
import { SEVERITIES } from '../../../query/columns.js';
import { StoreError } from '../../store.js';
import { anyOf, attributeCompare, attributeExists, attributeWildcard, wildcard } from './attribute-query.js';

type Query = estypes.QueryDslQueryContainer;

/** Where a filter is asked: `traces` are the summaries. */
export type FilterTarget = 'spans' | 'logs' | 'metrics' | 'traces';

/** Names of columns that differ from the language's. */
const COLUMN_FIELDS: Partial<Record<ColumnName, string>> = {
  'trace.duration': 'duration',
  'trace.spans': 'spans',
  'trace.errors': 'errors',
  'root.service': 'root_service',
  'root.name': 'root_name',
};

const RANGE_OPS = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' } as const;

/** A filter of the query language as a query, with the meaning of docs/query-language.md. */
export function filterQuery(node: FilterNode, target: FilterTarget): Query {
  switch (node.kind) {
    case 'all':
      return { match_all: {} };
    case 'and':
      return { bool: { filter: node.nodes.map((child) => filterQuery(child, target)) } };
    case 'or':
      return anyOf(node.nodes.map((child) => filterQuery(child, target)));
    case 'not':
      return { bool: { must_not: [filterQuery(node.node, target)] } };
    case 'exists':
      return exists(node.field);
    case 'compare':
      return node.field.source === 'attribute'
        ? attributeCompare(node.field.name, node.op, node.value)
        : columnCompare(node.field.column, node.op, node.value);
    case 'wildcard':
      if (node.field.source === 'attribute') return attributeWildcard(node.field.name, node.pattern);
      if (node.field.column === 'body') return bodyWildcard(node.pattern);
      return wildcard(columnField(node.field.column), node.pattern);
    case 'text': {
      const pattern = `*${node.text.replace(/[*?\\]/g, '\\$&')}*`;
      if (target === 'logs') return bodyWildcard(pattern);
      if (target === 'spans') return wildcard('name', pattern);
      throw cannot('Only spans and logs have a text to search.');
    }
  }
}

export function columnField(column: ColumnName): string {
  return COLUMN_FIELDS[column] ?? column;
}

function exists(field: FieldRef): Query {
  if (field.source === 'attribute') return attributeExists(field.name);
  if (field.column !== 'body') return { exists: { field: columnField(field.column) } };
  return anyOf([{ exists: { field: 'body' } }, { exists: { field: 'body_parts' } }]);
}

/**
 * Bodies too long for one keyword are searched in pieces that overlap by the longest text that can be asked for. The one
 * limit: of a pattern with a star inside, both sides have to lie within 8,191 characters of each other there, and a
 * pattern that is tied to the beginning or the end of such a body finds nothing.
 */
function bodyWildcard(pattern: string): Query {
  const open = pattern.startsWith('*') && /(?:^|[^\\])(?:\\\\)*\*$/.test(pattern);
  return open ? anyOf([wildcard('body', pattern), wildcard('body_parts', pattern)]) : wildcard('body', pattern);
}

function columnCompare(column: ColumnName, op: CompareOp, value: FilterValue): Query {
  const field = columnField(column);
  if (column === 'severity') {
    const rank = (SEVERITIES as readonly string[]).indexOf(value.text);
    return op === '=' ? { term: { severity_rank: rank } } : { range: { severity_rank: { [RANGE_OPS[op]]: rank } } };
  }
  if (column === 'duration' || column === 'trace.duration') {
    const nanos = Number(value.type === 'number' ? value.number : value.text) * 1e6;
    // 0.1 ms is 100,000 ns, whatever 0.1 × 10⁶ is in doubles.
    const bound = Math.abs(nanos - Math.round(nanos)) < 1e-3 ? Math.round(nanos) : nanos;
    if (op !== '=') return { range: { [field]: { [RANGE_OPS[op]]: bound } } };
    return Number.isInteger(bound) ? { term: { [field]: bound } } : { match_none: {} };
  }
  if (value.type === 'number') {
    return op === '=' ? { term: { [field]: value.number } } : { range: { [field]: { [RANGE_OPS[op]]: value.number } } };
  }
  if (op !== '=') throw cannot(`${column} has no order.`);
  if (value.text === '') return { bool: { must_not: [{ exists: { field } }] } };
  return { term: { [field]: value.text } };
}

function cannot(sentence: string): StoreError {
  return new StoreError('store_cannot', sentence, { retryable: false });
}
