import type { CompareOp, FilterNode } from './ast.js';
import type { FilterSignal } from './columns.js';
import type { Fault } from './fault.js';
import { resolveField } from './resolve-field.js';
import { type Operator, Scanner, type Word } from './scanner.js';
import { compareTerm, type Term, textTerm } from './terms.js';

/** What a filter may cost. A filter beyond a limit is refused with one fault. */
export const FILTER_LIMITS = { characters: 4096, depth: 32, terms: 128, valueCharacters: 1024 } as const;

export interface ParsedFilter {
  /** What could be understood; `all` when nothing could. */
  filter: FilterNode;
  /** In order of position; empty when the whole filter was understood. */
  faults: Fault[];
}

/** A limit was reached: there is nothing to recover. */
class LimitReached extends Error {}

/**
 * Parses a filter of the query language (docs/query-language.md). Never throws: whatever is wrong is in `faults`, with
 * its place, and the rest of the filter is still parsed, so that all faults can be shown at once.
 */
export function parseFilter(text: string, signal: FilterSignal): ParsedFilter {
  if (text.length > FILTER_LIMITS.characters) {
    const message = `A filter has at most ${FILTER_LIMITS.characters} characters; this one has ${text.length}.`;
    return { filter: { kind: 'all' }, faults: [{ position: FILTER_LIMITS.characters, length: 0, message }] };
  }
  const parser = new Parser(text, signal);
  try {
    const filter = parser.whole();
    return { filter, faults: parser.faults.sort((a, b) => a.position - b.position) };
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    return { filter: { kind: 'all' }, faults: parser.faults };
  }
}

class Parser {
  readonly faults: Fault[] = [];
  private readonly scan: Scanner;
  private depth = 0;
  private terms = 0;

  constructor(
    text: string,
    private readonly signal: FilterSignal,
  ) {
    this.scan = new Scanner(text);
  }

  whole(): FilterNode {
    const parts: FilterNode[] = [];
    for (;;) {
      const node = this.any();
      if (node) parts.push(node);
      if (this.scan.done) return join('and', parts) ?? { kind: 'all' };
      this.fault(this.scan.at, 1, 'There is no ( to this ): take it out, or put the text in quotes.');
      this.scan.at++;
    }
  }

  /** `a OR b`: null when nothing in it could be understood. */
  private any(): FilterNode | null {
    const nodes: FilterNode[] = [];
    let understood = true;
    for (;;) {
      const node = this.every();
      if (node) nodes.push(node);
      else understood = false;
      const at = this.scan.at;
      if (!this.scan.takeKeyword('OR')) return understood || nodes.length > 0 ? join('or', nodes) : null;
      this.needsBoth('OR', at);
    }
  }

  /** `a b` and `a AND b`. */
  private every(): FilterNode | null {
    const nodes: FilterNode[] = [];
    for (;;) {
      this.scan.skipSpace();
      if (this.scan.done || this.scan.peek() === ')' || this.atOr()) break;
      const at = this.scan.at;
      if (this.scan.takeKeyword('AND')) {
        this.needsBoth('AND', at);
        continue;
      }
      const node = this.negated();
      if (node) nodes.push(node);
    }
    return join('and', nodes);
  }

  private atOr(): boolean {
    const at = this.scan.at;
    const found = this.scan.takeKeyword('OR');
    this.scan.at = at;
    return found;
  }

  /** AND and OR want something before and after them; `at` is where the word stands. */
  private needsBoth(keyword: string, at: number): void {
    const before = this.scan.text.slice(0, at).trimEnd();
    const after = this.scan.text.slice(this.scan.at).trimStart();
    if (
      before === '' ||
      before.endsWith('(') ||
      after === '' ||
      after.startsWith(')') ||
      /^(?:AND|OR)(?=[\s()"]|$)/.test(after)
    )
      this.fault(
        at,
        keyword.length,
        `${keyword} needs something on both sides; to look for the word, write "${keyword}".`,
      );
  }

  private negated(): FilterNode | null {
    const from = this.scan.at;
    const dash = this.scan.peek() === '-';
    if (!dash && !this.scan.takeKeyword('NOT')) return this.primary();
    if (dash) this.scan.at++;
    else this.scan.skipSpace();
    if (this.scan.done || this.scan.peek() === ')' || (dash && /\s/.test(this.scan.peek()))) {
      const word = dash ? '-' : 'NOT';
      this.fault(from, word.length, `${word} needs something after it; to look for it as text, write "${word}".`);
      return null;
    }
    const node = this.deeper(from, () => this.negated());
    return node && { kind: 'not', node };
  }

  private primary(): FilterNode | null {
    const from = this.scan.at;
    if (this.scan.take('(')) return this.group(from);
    const word = this.scan.termWord();
    const operator = word ? this.operatorAfter(word) : this.scan.takeOperator();
    if (!word) {
      const found = operator ?? this.scan.peek();
      if (!operator) this.scan.at++;
      this.fault(
        from,
        Math.max(1, found.length),
        `A field is missing before ${found}; to look for it as text, use quotes.`,
      );
      if (operator) this.scan.valueWord();
      return null;
    }
    this.countTerm(from);
    this.checkWord(word);
    if (!operator) return this.term(word, textTerm(word, this.signal));
    return this.comparison(word, operator);
  }

  /** A quoted word is a field only when the operator touches it: `"a b":c`. */
  private operatorAfter(word: Word): Operator | null {
    if (word.quoted && /\s/.test(this.scan.peek())) return null;
    return this.scan.takeOperator();
  }

  private group(from: number): FilterNode | null {
    const node = this.deeper(from, () => this.any());
    const empty = node === null && this.scan.text.slice(from + 1, this.scan.at).trim() === '';
    if (!this.scan.take(')')) this.fault(from, 1, 'This ( is never closed: add a ).');
    else if (empty) this.fault(from, this.scan.at - from, 'There is nothing between these parentheses: take them out.');
    return node;
  }

  private comparison(name: Word, operator: Operator): FilterNode | null {
    const resolved = resolveField(name.text, this.signal);
    if (name.text === '' || (!name.quoted && name.pattern !== null)) {
      this.fault(name.from, name.to - name.from, 'A field is named in full, without * or ?.');
      this.scan.skipSpace();
      this.scan.valueWord();
      return null;
    }
    if ('message' in resolved) this.fault(name.from, name.to - name.from, resolved.message);
    this.scan.skipSpace();
    const from = this.scan.at;
    const inline =
      operator === ':' ? (['>=', '<=', '>', '<'] as const).find((found) => this.scan.take(found)) : undefined;
    const op: CompareOp = inline ?? (operator === ':' || operator === '==' || operator === '!=' ? '=' : operator);
    if (inline) this.scan.skipSpace();
    const toNode = (word: Word): FilterNode | null =>
      'message' in resolved ? null : this.term(word, compareTerm(resolved.field, op, word));
    const node = this.scan.take('(') ? this.deeper(from, () => this.values(from, toNode)) : this.value(name, toNode);
    return node && operator === '!=' ? { kind: 'not', node } : node;
  }

  private value(name: Word, toNode: (word: Word) => FilterNode | null): FilterNode | null {
    const word = this.scan.valueWord();
    if (!word) {
      this.fault(
        this.scan.at,
        0,
        `A value is missing after ${name.text}: ${name.text}:* asks whether it is there at all.`,
      );
      return null;
    }
    this.checkWord(word);
    return toNode(word);
  }

  /** `field:(a OR b)`. */
  private values(from: number, toNode: (word: Word) => FilterNode | null): FilterNode | null {
    const nodes: FilterNode[] = [];
    let expectValue = true;
    for (;;) {
      this.scan.skipSpace();
      const at = this.scan.at;
      if (this.scan.done || this.scan.peek() === ')') break;
      if (this.scan.takeKeyword('OR')) {
        if (expectValue) this.fault(at, 2, 'OR needs a value on both sides.');
        expectValue = true;
        continue;
      }
      const word = this.scan.valueWord();
      if (!word) {
        this.fault(at, 1, 'Values in parentheses are not nested: write field:(a OR b).');
        this.scan.at++;
        continue;
      }
      if (!expectValue)
        this.fault(at, word.to - word.from, 'Write OR between the values, or put them in quotes as one.');
      expectValue = false;
      this.countTerm(at);
      this.checkWord(word);
      const node = toNode(word);
      if (node) nodes.push(node);
    }
    if (expectValue) this.fault(this.scan.at, 0, 'A value is missing here: write field:(a OR b).');
    if (!this.scan.take(')')) this.fault(from, 1, 'This ( is never closed: add a ).');
    return join('or', nodes);
  }

  private term(word: Word, term: Term): FilterNode | null {
    if ('node' in term) return term.node;
    this.fault(word.from, word.to - word.from, term.message);
    return null;
  }

  private checkWord(word: Word): void {
    if (word.unclosed) this.fault(word.from, 1, 'This quote is never closed: add a " at its end.');
    if (word.text.length > FILTER_LIMITS.valueCharacters)
      this.fault(word.from, word.to - word.from, `A value has at most ${FILTER_LIMITS.valueCharacters} characters.`);
  }

  private countTerm(at: number): void {
    if (++this.terms > FILTER_LIMITS.terms) this.limit(at, `A filter has at most ${FILTER_LIMITS.terms} terms.`);
  }

  private deeper<T>(at: number, parse: () => T): T {
    if (++this.depth > FILTER_LIMITS.depth) this.limit(at, `A filter is nested at most ${FILTER_LIMITS.depth} deep.`);
    const result = parse();
    this.depth--;
    return result;
  }

  private limit(at: number, message: string): never {
    this.fault(at, 1, message);
    throw new LimitReached(message);
  }

  private fault(position: number, length: number, message: string): void {
    if (this.faults.length < 32) this.faults.push({ position, length, message });
  }
}

/** `and` and `or` are flat, and never hold fewer than two nodes; `all` takes part in neither. */
function join(kind: 'and' | 'or', nodes: FilterNode[]): FilterNode | null {
  if (nodes.length === 0) return null;
  if (kind === 'or' && nodes.some((node) => node.kind === 'all')) return { kind: 'all' };
  const flat = nodes.flatMap((node) => (node.kind === kind ? node.nodes : node.kind === 'all' ? [] : [node]));
  const [first] = flat;
  if (!first) return { kind: 'all' };
  return flat.length === 1 ? first : { kind, nodes: flat };
}
