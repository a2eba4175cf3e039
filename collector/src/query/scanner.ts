import { literalInPattern } from './wildcard.js';

/** What stood in the text: a quoted string, or a bare word whose unescaped `*` and `?` are wildcards. */
export interface Word {
  from: number;
  to: number;
  quoted: boolean;
  /** With escapes removed. */
  text: string;
  /** The same as a wildcard pattern (`\*` is a literal star); null when it has no wildcard. */
  pattern: string | null;
  /** A quote that was opened and never closed. */
  unclosed: boolean;
}

/** Operators after a field, longest first. */
export const OPERATORS = ['>=', '<=', '!=', '==', '=', '>', '<', ':'] as const;
export type Operator = (typeof OPERATORS)[number];

const SPACE = /\s/;
const ESCAPABLE = new Set(['\\', '"', '*', '?', '(', ')', ':', '<', '>', '=', '!', '-']);

/** A place in a filter's text. Words end differently before an operator and after one, so nothing is tokenised ahead. */
export class Scanner {
  at = 0;

  constructor(readonly text: string) {}

  skipSpace(): void {
    while (this.at < this.text.length && SPACE.test(this.text[this.at] ?? '')) this.at++;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  peek(): string {
    return this.text[this.at] ?? '';
  }

  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** Takes `AND`, `OR` or `NOT` where it stands as a word of its own. */
  takeKeyword(keyword: string): boolean {
    const end = this.at + keyword.length;
    if (!this.text.startsWith(keyword, this.at)) return false;
    const next = this.text[end];
    if (next !== undefined && !SPACE.test(next) && next !== '(' && next !== ')' && next !== '"') return false;
    this.at = end;
    return true;
  }

  /** The operator here, over white space unless it is a colon (`a : b` is three words of a text). */
  takeOperator(): Operator | null {
    const start = this.at;
    this.skipSpace();
    const operator = OPERATORS.find((candidate) => this.text.startsWith(candidate, this.at));
    if (operator && (this.at === start || operator !== ':')) {
      this.at += operator.length;
      return operator;
    }
    this.at = start;
    return null;
  }

  /** A word where a field or a text may stand: it ends before an operator. Of an address (`http://…`) nothing is split. */
  termWord(): Word | null {
    if (this.peek() === '"') return this.quoted();
    const from = this.at;
    const word = this.bare(
      (char, at) => '<>='.includes(char) || char === ':' || (char === '!' && this.text[at + 1] === '='),
    );
    if (this.text.startsWith('://', this.at) && /^[a-z][a-z0-9+.-]*$/i.test(word.text)) {
      this.at = from;
      return this.valueWord();
    }
    return word.to > word.from ? word : null;
  }

  /** A word where a value stands: it ends at white space or a parenthesis, so that paths and addresses need no quotes. */
  valueWord(): Word | null {
    if (this.peek() === '"') return this.quoted();
    const word = this.bare(() => false);
    return word.to > word.from ? word : null;
  }

  private bare(ends: (char: string, at: number) => boolean): Word {
    const from = this.at;
    let text = '';
    let pattern = '';
    let wild = false;
    let starred = false;
    while (!this.done) {
      const char = this.peek();
      if (SPACE.test(char) || char === '(' || char === ')' || char === '"' || ends(char, this.at)) break;
      const next = this.text[this.at + 1];
      if (char === '\\' && next !== undefined && (ESCAPABLE.has(next) || SPACE.test(next))) {
        text += next;
        pattern += literalInPattern(next);
        starred = false;
        this.at += 2;
        continue;
      }
      text += char;
      if (char === '*' || char === '?') {
        wild = true;
        // A run of stars says no more than one, and would cost a matcher dearly.
        if (char === '?' || !starred) pattern += char;
      } else pattern += literalInPattern(char);
      starred = char === '*';
      this.at++;
    }
    return { from, to: this.at, quoted: false, text, pattern: wild ? pattern : null, unclosed: false };
  }

  private quoted(): Word {
    const from = this.at++;
    let text = '';
    while (!this.done && this.peek() !== '"') {
      const next = this.text[this.at + 1];
      if (this.peek() === '\\' && (next === '"' || next === '\\')) this.at++;
      text += this.peek();
      this.at++;
    }
    const unclosed = !this.take('"');
    return { from, to: this.at, quoted: true, text, pattern: null, unclosed };
  }
}
