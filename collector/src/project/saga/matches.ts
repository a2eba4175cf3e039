import type { AttributeValue } from '../../decode/text.js';
import { asciiFold } from '../../query/ascii-fold.js';
import type { ColumnName, CompareOp, FilterNode, FilterValue } from '../../query/ast.js';

/** One span or log line as a filter sees it. Called only for what the filter names. */
export interface Matchable {
  /** Null when the item has no such column. Durations are in milliseconds. */
  column(name: ColumnName): AttributeValue;
  /** On the item first, then on its resource; undefined when neither has it. */
  attribute(name: string): AttributeValue | undefined;
  /** What bare words are looked for in. */
  text(): string;
}

/** Whether a filter holds for one item, by the meaning written down in docs/query-language.md. */
export function matches(node: FilterNode, item: Matchable): boolean {
  switch (node.kind) {
    case 'all':
      return true;
    case 'and':
      return node.nodes.every((inner) => matches(inner, item));
    case 'or':
      return node.nodes.some((inner) => matches(inner, item));
    case 'not':
      return !matches(node.node, item);
    case 'text':
      return asciiFold(item.text()).includes(asciiFold(node.text));
    default:
      return values(node.field, item).some((value) => {
        if (node.kind === 'exists') return value !== '';
        if (node.kind === 'wildcard') return wildcard(node.pattern).test(String(value));
        return compare(value, node.op, node.value);
      });
  }
}

type FieldRef = Extract<FilterNode, { kind: 'exists' }>['field'];
type Scalar = string | number | boolean;

/** An array matches when one of its elements does. */
function values(field: FieldRef, item: Matchable): Scalar[] {
  const value = field.source === 'column' ? item.column(field.column) : item.attribute(field.name);
  const list = Array.isArray(value) ? value : [value];
  return list.filter((v): v is Scalar => v !== undefined && v !== null && typeof v !== 'object');
}

function compare(actual: Scalar, op: CompareOp, wanted: FilterValue): boolean {
  if (op === '=') {
    if (typeof actual === 'number' && wanted.type === 'number') return actual === wanted.number;
    return String(actual) === wanted.text;
  }
  if (wanted.type !== 'number' || typeof actual !== 'number') return false;
  if (op === '>') return actual > wanted.number;
  if (op === '>=') return actual >= wanted.number;
  return op === '<' ? actual < wanted.number : actual <= wanted.number;
}

/** `*` is any run of characters, `?` one. Patterns come from definition files, whose owners run this program. */
function wildcard(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/\*+/g, '*')
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'is');
}
