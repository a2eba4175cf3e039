import type { CompareOp, FieldRef, FilterNode, FilterValue } from '../../../query/ast.js';
import { COLUMNS } from '../../../query/columns.js';
import { wildcardMatches } from '../../../query/wildcard.js';
import type { AttributeJoins } from './attribute-sql.js';
import { attributeCompare, attributeExists, attributeWildcard } from './attribute-terms.js';
import type { Params } from './params.js';
import { containsSql, likeSql } from './text-sql.js';

/** SQL of the columns of the language for the relation that is asked. */
export interface FilterTarget {
  attributes: AttributeJoins;
  params: Params;
  /** What bare words are looked for in. */
  text: string;
  /** By the names of the AST; a column the relation has not got is absent and matches nothing. */
  columns: Partial<Record<string, string>>;
}

const SEVERITY_RANGES: Record<string, readonly [number, number]> = {
  unspecified: [0, 0],
  trace: [1, 4],
  debug: [5, 8],
  info: [9, 12],
  warn: [13, 16],
  error: [17, 20],
  fatal: [21, 255],
};

/**
 * A filter as a SQL condition by the meaning in docs/query-language.md. It is never NULL, so NOT is a complement.
 * Texts, numbers and names of fields are bound; the SQL holds nothing that a person wrote.
 */
export function filterSql(node: FilterNode, target: FilterTarget): string {
  switch (node.kind) {
    case 'all':
      return 'TRUE';
    case 'and':
      return joined(node.nodes, 'AND', target);
    case 'or':
      return joined(node.nodes, 'OR', target);
    case 'not':
      return `(NOT ${filterSql(node.node, target)})`;
    case 'text':
      return containsSql(target.text, node.text, target.params);
    default:
      return `coalesce(${termSql(node, target)}, FALSE)`;
  }
}

type TermNode = Extract<FilterNode, { kind: 'exists' | 'compare' | 'wildcard' }>;

function joined(nodes: readonly FilterNode[], operator: 'AND' | 'OR', target: FilterTarget): string {
  if (nodes.length === 0) return operator === 'AND' ? 'TRUE' : 'FALSE';
  return `(${nodes.map((node) => filterSql(node, target)).join(` ${operator} `)})`;
}

function termSql(node: TermNode, target: FilterTarget): string {
  const { field } = node;
  if (field.source === 'attribute') {
    const column = target.attributes.column(field.name);
    if (node.kind === 'exists') return attributeExists(column);
    if (node.kind === 'wildcard') return attributeWildcard(column, node.pattern, target.params);
    return attributeCompare(column, node.op, node.value, target.params);
  }
  const sql = target.columns[field.column];
  if (sql === undefined) return 'FALSE';
  const { type } = COLUMNS[field.column];
  if (typeof type !== 'string') return listedSql(node, field, sql, type);
  if (type === 'hex') return hexSql(node, field, sql, target.params);
  if (type === 'number' || type === 'duration') return numberSql(node, sql, target.params);
  if (type === 'boolean') return node.kind === 'compare' ? `${sql} = ${node.value.text === 'true'}` : 'TRUE';
  if (node.kind === 'exists') return `${sql} <> ''`;
  if (node.kind === 'wildcard') return likeSql(sql, node.pattern, target.params);
  return node.op === '=' ? `${sql} = ${target.params.text(node.value.text)}` : 'FALSE';
}

/** Columns with a list of words are stored as the word's place in it, a severity as OTLP's number. */
function listedSql(
  node: TermNode,
  field: FieldRef & { source: 'column' },
  sql: string,
  words: readonly string[],
): string {
  const isSeverity = field.column === 'severity';
  if (node.kind === 'exists') return isSeverity ? `${sql} > 0` : 'TRUE';
  if (node.kind === 'compare' && node.op !== '=') return severityOrder(sql, node.op, node.value);
  const wanted = words.filter((word) =>
    node.kind === 'wildcard' ? wildcardMatches(node.pattern, word) : word === node.value.text,
  );
  if (wanted.length === 0) return 'FALSE';
  if (!isSeverity) return `${sql} IN (${wanted.map((word) => words.indexOf(word)).join(', ')})`;
  const ranges = wanted.map((word) => SEVERITY_RANGES[word] as readonly [number, number]);
  return `(${ranges.map(([low, high]) => `${sql} BETWEEN ${low} AND ${high}`).join(' OR ')})`;
}

function severityOrder(sql: string, op: CompareOp, value: FilterValue): string {
  const range = SEVERITY_RANGES[value.text];
  if (!range) return 'FALSE';
  const [low, high] = range;
  if (op === '>') return `${sql} > ${high}`;
  if (op === '>=') return `${sql} >= ${low}`;
  return op === '<' ? `${sql} < ${low}` : `${sql} <= ${high}`;
}

function hexSql(node: TermNode, field: FieldRef & { source: 'column' }, sql: string, params: Params): string {
  if (node.kind === 'exists') return `${sql} <> 0`;
  const digits = field.column === 'trace_id' ? 32 : 16;
  if (node.kind === 'wildcard') {
    const text = `CASE WHEN ${sql} = 0 THEN '' ELSE lpad(lower(to_hex(${sql}::UHUGEINT)), ${digits}, '0') END`;
    return likeSql(text, node.pattern, params);
  }
  if (node.op !== '=') return 'FALSE';
  const { text } = node.value;
  if (text === '') return `${sql} = 0`;
  return text.length === digits && /^[\da-f]+$/i.test(text) ? `${sql} = ${params.id(text)}` : 'FALSE';
}

function numberSql(node: TermNode, sql: string, params: Params): string {
  if (node.kind === 'exists') return `${sql} IS NOT NULL`;
  if (node.kind === 'wildcard' || node.value.type !== 'number') return 'FALSE';
  return `${sql} ${node.op} ${params.number(node.value.number)}`;
}
