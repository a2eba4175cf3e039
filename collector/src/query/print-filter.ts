import type { FieldRef, FilterNode, FilterValue } from './ast.js';
import { COLUMNS, type FilterSignal } from './columns.js';
import { fieldName } from './resolve-field.js';
import { attributeValue } from './terms.js';

/** Text that parses to the same filter again. */
export function printFilter(node: FilterNode, signal: FilterSignal): string {
  switch (node.kind) {
    case 'all':
      return '*';
    case 'and':
      return node.nodes.map((part) => nested(part, signal, part.kind === 'or')).join(' ');
    case 'or':
      return node.nodes.map((part) => nested(part, signal, part.kind === 'and')).join(' OR ');
    case 'not':
      return `NOT ${nested(node.node, signal, node.node.kind === 'and' || node.node.kind === 'or')}`;
    case 'text':
      return quoted(node.text);
    case 'exists':
      return `${printField(node.field, signal)}:*`;
    case 'wildcard':
      return `${printField(node.field, signal)}:${node.pattern.replace(/\\[^]|[\s()":<>=!]/gu, escaped)}`;
    case 'compare':
      return `${printField(node.field, signal)}${node.op === '=' ? ':' : node.op}${printValue(node.field, node.value)}`;
  }
}

function nested(node: FilterNode, signal: FilterSignal, parenthesised: boolean): string {
  const text = printFilter(node, signal);
  return parenthesised ? `(${text})` : text;
}

/** In a pattern only `*`, `?` and `\` stay escaped; what would end the word gets an escape now. */
function escaped(found: string): string {
  return found.startsWith('\\') ? found : `\\${found}`;
}

function printField(field: FieldRef, signal: FilterSignal): string {
  const name = fieldName(field, signal);
  return /^[\p{L}_][\p{L}\p{N}_./@-]*$/u.test(name) && !/^(?:AND|OR|NOT)$/.test(name) ? name : quoted(name);
}

function printValue(field: FieldRef, value: FilterValue): string {
  if (!/^[\p{L}\p{N}_./@:µ-]+$/u.test(value.text)) return quoted(value.text);
  const typed = field.source === 'column' && COLUMNS[field.column].type !== 'string';
  const bareType = attributeValue({ quoted: false, text: value.text }).type;
  return typed || bareType === value.type ? value.text : quoted(value.text);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
