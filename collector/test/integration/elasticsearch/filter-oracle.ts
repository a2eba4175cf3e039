import type { FilterNode } from '../../../src/query/ast.js';
import { SEVERITIES } from '../../../src/query/columns.js';
import { wildcardMatches } from '../../../src/query/wildcard.js';
import type { Value, Values } from '../../fixtures/otlp-encoder.js';

/** A log line as its sender wrote it. */
export interface Line {
  attributes: Values;
  resource: Values;
  columns: Partial<Record<string, string>>;
  body: string;
}

/** docs/query-language.md, sentence by sentence, over values as they were sent: an oracle that shares no code with a store. */
export function holds(node: FilterNode, line: Line): boolean {
  switch (node.kind) {
    case 'all':
      return true;
    case 'and':
      return node.nodes.every((child) => holds(child, line));
    case 'or':
      return node.nodes.some((child) => holds(child, line));
    case 'not':
      return !holds(node.node, line);
    case 'text':
      return lower(line.body).includes(lower(node.text));
    case 'exists':
      return node.field.source === 'column'
        ? column(line, node.field.column) !== ''
        : filled(attribute(line, node.field.name));
    case 'wildcard': {
      const { pattern } = node;
      if (node.field.source === 'column') {
        const value = column(line, node.field.column);
        return value !== '' && wildcardMatches(pattern, value);
      }
      return elements(attribute(line, node.field.name)).some(
        (value) => typeof value === 'string' && wildcardMatches(pattern, head(value)),
      );
    }
    case 'compare': {
      const { op, value } = node;
      if (node.field.source === 'column') {
        const text = column(line, node.field.column);
        if (node.field.column !== 'severity') return text === value.text;
        return ordered(rank(text), op, rank(value.text));
      }
      return elements(attribute(line, node.field.name)).some((actual) => {
        if (op !== '=') return value.type === 'number' && isNumber(actual) && ordered(Number(actual), op, value.number);
        if (typeof actual === 'string') return head(actual) === value.text;
        if (value.type === 'boolean') return actual === value.value;
        if (value.type !== 'number' || !isNumber(actual)) return false;
        const exact = Number.isInteger(value.number) && Math.abs(value.number) >= 2 ** 53;
        const beyond = exact || (/^-?\d+$/.test(value.text) && abs(BigInt(value.text)) >= 2n ** 53n);
        if (!beyond) return Number(actual) === value.number;
        return Number.isInteger(Number(actual)) && BigInt(actual) === BigInt(value.text);
      });
    }
  }
}

function attribute({ attributes, resource }: Line, name: string): Value | undefined {
  return Object.hasOwn(attributes, name)
    ? attributes[name]
    : Object.hasOwn(resource, name)
      ? resource[name]
      : undefined;
}

function column({ columns, body }: Line, name: string): string {
  return name === 'body' ? body : (columns[name] ?? '');
}

function filled(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (value instanceof Uint8Array) return value.length > 0;
  return typeof value === 'object' ? Object.keys(value).length > 0 : true;
}

function elements(value: Value | undefined): (string | number | bigint | boolean)[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((v) => ['string', 'number', 'bigint', 'boolean'].includes(typeof v)) as (string | number)[];
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value));
}

function ordered(a: number, op: string, b: number): boolean {
  if (op === '=') return a === b;
  if (op === '>') return a > b;
  if (op === '>=') return a >= b;
  return op === '<' ? a < b : a <= b;
}

function rank(severity: string): number {
  return (SEVERITIES as readonly string[]).indexOf(severity);
}

function head(text: string): string {
  return Array.from(text).slice(0, 1024).join('');
}

function lower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
