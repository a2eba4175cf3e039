import type { ColumnName, CompareOp, FieldRef, FilterNode, FilterValue } from './ast.js';
import { COLUMNS, type FilterSignal, SEVERITIES, SEVERITY_SYNONYMS } from './columns.js';
import { durationMs } from './duration-text.js';
import type { Word } from './scanner.js';
import { literalInPattern, type PatternPart, patternParts, patternText, wildcardMatches } from './wildcard.js';

/** A term that means something, or the sentence why it does not. */
export type Term = { node: FilterNode } | { message: string };

const NUMBER = /^-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$/i;
const EVERYTHING = /^\*+$/;

/** `field op value` after the field is resolved. `!=` is negated by the caller; here it is `=`. */
export function compareTerm(field: FieldRef, op: CompareOp, word: Word): Term {
  if (op === '=' && word.pattern !== null && EVERYTHING.test(word.pattern)) return { node: { kind: 'exists', field } };
  if (field.source === 'column') return columnTerm(field, op, word);
  if (op === '=' && word.pattern !== null) return { node: { kind: 'wildcard', field, pattern: word.pattern } };
  const value = attributeValue(word);
  if (op !== '=' && value.type !== 'number') {
    const unit = durationMs(word.text) === null ? '' : ' An attribute has no unit: write the number as it is stored.';
    return { message: `${op} compares numbers, and ${quote(word.text)} is none.${unit}` };
  }
  return { node: { kind: 'compare', field, op, value } };
}

/** A bare word or a "quoted phrase": what it is looked for in depends on the signal. */
export function textTerm(word: Word, signal: FilterSignal): Term {
  if (word.pattern !== null && EVERYTHING.test(word.pattern)) return { node: { kind: 'all' } };
  if (signal === 'metrics')
    return { message: 'Metrics have no text to search: ask for an attribute, as in http.route:"/orders".' };
  if (word.quoted) return word.text === '' ? { message: EMPTY_TEXT } : { node: { kind: 'text', text: word.text } };
  // Words are found anywhere, so a star at either end adds nothing; one in the middle asks for a pattern. A question
  // mark is what it is in a sentence.
  const parts = patternParts(word.pattern ?? [...word.text].map(literalInPattern).join(''));
  while (isStar(parts[0])) parts.shift();
  while (isStar(parts.at(-1))) parts.pop();
  if (parts.length === 0) return { message: EMPTY_TEXT };
  if (!parts.some(isStar)) return { node: { kind: 'text', text: parts.map(({ char }) => char).join('') } };
  const inner = patternText(parts.map((part) => (isStar(part) ? part : { char: part.char, wild: false })));
  const column = signal === 'logs' ? 'body' : signal === 'sagas' ? 'saga.name' : 'name';
  return { node: { kind: 'wildcard', field: { source: 'column', column }, pattern: `*${inner}*` } };
}

const EMPTY_TEXT = 'An empty text is in everything: take it out.';

function isStar(part: PatternPart | undefined): boolean {
  return part?.wild === true && part.char === '*';
}

function columnTerm(field: FieldRef & { source: 'column' }, op: CompareOp, word: Word): Term {
  const { type } = COLUMNS[field.column];
  if (typeof type !== 'string') return listedTerm(field, type, op, word);
  if (type === 'number' || type === 'duration') return amountTerm(field, type, op, word);
  if (op !== '=') return { message: `${field.column} has no order: ask with ${field.column}:${word.text}.` };
  if (type === 'boolean') {
    const value = word.text.toLowerCase();
    if (value !== 'true' && value !== 'false') return { message: `${field.column} is true or false.` };
    return { node: { kind: 'compare', field, op, value: { type: 'boolean', value: value === 'true', text: value } } };
  }
  if (word.pattern !== null) return { node: { kind: 'wildcard', field, pattern: word.pattern } };
  if (type === 'words') {
    if (word.text === '') return { message: `An empty text is in everything: ask NOT ${field.column}:* for none.` };
    return { node: { kind: 'text', text: word.text } };
  }
  const text = type === 'hex' ? word.text.toLowerCase() : word.text;
  return { node: { kind: 'compare', field, op, value: { type: 'string', text } } };
}

function amountTerm(field: FieldRef & { source: 'column' }, type: string, op: CompareOp, word: Word): Term {
  const number = type === 'duration' ? durationMs(word.text) : NUMBER.test(word.text) ? Number(word.text) : null;
  if (number === null || !Number.isFinite(number)) {
    const example = type === 'duration' ? 'a duration such as 250ms, 1.5s or 2m' : 'a number';
    return { message: `${field.column} is compared with ${example}, and ${quote(word.text)} is none.` };
  }
  return { node: { kind: 'compare', field, op, value: { type: 'number', number, text: word.text } } };
}

function listedTerm(
  field: FieldRef & { source: 'column' },
  values: readonly string[],
  op: CompareOp,
  word: Word,
): Term {
  const ordered = field.column === 'severity';
  if (op !== '=' && !ordered) return { message: `${field.column} has no order: ask with ${field.column}:value.` };
  if (word.pattern !== null) {
    const matching = values.filter((value) => wildcardMatches(word.pattern ?? '', value));
    if (matching.length === 0) return { message: unknownValue(field.column, values, word.text) };
    if (op !== '=') return { message: 'An order needs one whole word, as in severity>=warn.' };
    const nodes = matching.map((text): FilterNode => compareText(field, '=', text));
    return { node: nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'or', nodes } };
  }
  const lower = word.text.toLowerCase();
  const value = ordered ? (SEVERITY_SYNONYMS[lower] ?? lower) : lower;
  if (!values.includes(value)) return { message: unknownValue(field.column, values, word.text) };
  return { node: compareText(field, op, value) };
}

function compareText(field: FieldRef, op: CompareOp, text: string): FilterNode {
  return { kind: 'compare', field, op, value: { type: 'string', text } };
}

function unknownValue(column: ColumnName, values: readonly string[], text: string): string {
  const list = column === 'severity' ? SEVERITIES.filter((value) => value !== 'unspecified') : values;
  return `${column} is never ${quote(text)}: use one of ${list.join(', ')}.`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** What an attribute is compared with: quotes make anything a string. */
export function attributeValue(word: Pick<Word, 'quoted' | 'text'>): FilterValue {
  const { quoted, text } = word;
  if (!quoted && NUMBER.test(text) && Number.isFinite(Number(text)))
    return { type: 'number', number: Number(text), text };
  if (!quoted && (text === 'true' || text === 'false')) return { type: 'boolean', value: text === 'true', text };
  return { type: 'string', text };
}
