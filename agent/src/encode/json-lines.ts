import { FACT_NAMES } from '../context/facts.js';
import { LINE_FIELDS } from '../record/line-fields.js';
import type { JsonLine } from '../record/log-record.js';
import {
  ARRAY_VALUE,
  BOOL_VALUE,
  DOUBLE_VALUE,
  INT_VALUE,
  ITEM,
  KEY,
  MAP_VALUE,
  STRING_VALUE,
  VALUE,
} from './any-value-tags.js';
import {
  CLOSE_LIST,
  CLOSE_MAP,
  COMMA,
  hashOf,
  JsonCursor,
  MINUS,
  NINE,
  OPEN_LIST,
  OPEN_MAP,
  QUOTE,
  ZERO,
} from './json-cursor.js';
import { type LogLimits, MAX_DEPTH, MAX_ITEMS } from './log-limits.js';
import type { ProtoWriter } from './proto-writer.js';

/** Up to here a loop over bytes is faster than a call into native code; texts fit messages with one-byte lengths. */
const SHORT_BYTES = 100;

/** Tags of `LogRecord`. */
export const BODY = 42;
export const ATTRIBUTES = 50;

type Meaning = 'known elsewhere' | 'message' | 'error' | 'fact';

/**
 * Writes what a line of JSON says straight from its bytes, without making objects of it. What only a parser can tell (a
 * field that comes twice, an error, white space, what is no JSON) and what is out of the ordinary is not written at all.
 */
export class JsonLines {
  private readonly cursor = new JsonCursor();
  /** Hashes of the fields so far. */
  private readonly seen: Int32Array;
  private messageKey = '';
  private errorKey = '';
  private meanings = new Map<number, { readonly name: string; readonly meaning: Meaning }>();

  constructor(private readonly limits: LogLimits) {
    this.seen = new Int32Array(limits.attributes + LINE_FIELDS.size);
  }

  /** Body and attributes of a `LogRecord`. Answers false, with nothing written, when the line has to be parsed. */
  encode(writer: ProtoWriter, line: JsonLine): boolean {
    const { cursor } = this;
    if (!cursor.load(line.text)) return false;
    if (line.messageKey !== this.messageKey || line.errorKey !== this.errorKey) this.learn(line);
    const start = writer.position;
    if (this.fields(writer) && cursor.isAtEnd()) return true;
    writer.position = start;
    return false;
  }

  private learn({ messageKey, errorKey }: JsonLine): void {
    this.messageKey = messageKey;
    this.errorKey = errorKey;
    this.meanings = new Map();
    const mean = (name: string, meaning: Meaning) => this.meanings.set(hashOf(name), { name, meaning });
    for (const name of FACT_NAMES) mean(name, 'fact');
    mean(errorKey, 'error');
    for (const name of LINE_FIELDS) mean(name, 'known elsewhere');
    mean(messageKey, 'message');
  }

  private fields(writer: ProtoWriter): boolean {
    const { bytes } = this.cursor;
    let fields = 0;
    let written = 0;
    if (bytes[this.cursor.at++] !== OPEN_MAP) return false;
    for (;;) {
      if (!this.cursor.key() || fields === this.seen.length || this.isSeen(fields)) return false;
      this.seen[fields++] = this.cursor.hash;
      const meaning = this.meaning();
      const first = bytes[this.cursor.at] as number;
      if (meaning === undefined || (meaning === 'error' && first !== OPEN_MAP && first !== OPEN_LIST)) {
        if (++written > this.limits.attributes || !this.pair(writer, ATTRIBUTES, 0)) return false;
      } else if (meaning === 'message') {
        if (!this.message(writer)) return false;
      } else if (meaning !== 'known elsewhere' || !this.pass()) return false;
      const next = bytes[this.cursor.at++];
      if (next === CLOSE_MAP) return true;
      if (next !== COMMA) return false;
    }
  }

  private isSeen(fields: number): boolean {
    for (let index = 0; index < fields; index++) if (this.seen[index] === this.cursor.hash) return true;
    return false;
  }

  private meaning(): Meaning | undefined {
    const known = this.meanings.get(this.cursor.hash);
    if (known === undefined || known.name.length !== this.cursor.to - this.cursor.from) return undefined;
    for (let index = 0; index < known.name.length; index++) {
      if (known.name.charCodeAt(index) !== this.cursor.bytes[this.cursor.from + index]) return undefined;
    }
    return known.meaning;
  }

  /** A text or a number that somebody else wrote already. */
  private pass(): boolean {
    if (this.cursor.bytes[this.cursor.at] === QUOTE) return this.cursor.text();
    return !Number.isNaN(this.cursor.number());
  }

  private message(writer: ProtoWriter): boolean {
    if (this.cursor.bytes[this.cursor.at] !== QUOTE || !this.cursor.text()) return false;
    const guess = this.cursor.to - this.cursor.from < SHORT_BYTES ? 1 : 2;
    const mark = writer.open(BODY, guess);
    if (!this.writeText(writer)) return false;
    writer.close(mark, guess);
    return true;
  }

  /** `KeyValue` of the name just read and the value that follows. */
  private pair(writer: ProtoWriter, tag: number, depth: number): boolean {
    const { from, to, bytes } = this.cursor;
    const first = bytes[this.cursor.at];
    if (first === QUOTE) {
      if (!this.cursor.text()) return false;
      const { from: start, to: end, isEscaped } = this.cursor;
      const isShort = to - from + end - start < SHORT_BYTES && end - start <= this.limits.maxChars;
      if (isShort && !isEscaped) {
        writer.shortPairOf(tag, bytes, from, to, start, end);
        return true;
      }
      // Once more, the long way.
      this.cursor.at = start - 1;
    }
    const guess = first === OPEN_MAP ? 2 : 1;
    const pair = writer.open(tag, guess);
    writer.varint(KEY);
    writer.varint(to - from);
    this.copy(writer, from, to);
    const wrapped = writer.open(VALUE, guess);
    if (!this.value(writer, depth)) return false;
    writer.close(wrapped, guess);
    writer.close(pair, guess);
    return true;
  }

  /** The content of an `AnyValue`. */
  private value(writer: ProtoWriter, depth: number): boolean {
    const first = this.cursor.bytes[this.cursor.at] as number;
    if (first === QUOTE) return this.cursor.text() && this.writeText(writer);
    if (first === OPEN_MAP) return depth < MAX_DEPTH && this.map(writer, depth + 1);
    if (first === OPEN_LIST) return depth < MAX_DEPTH && this.list(writer, depth + 1);
    if (first === MINUS || (first >= ZERO && first <= NINE)) {
      const number = this.cursor.number();
      if (Number.isNaN(number)) return false;
      if (Number.isSafeInteger(number)) {
        writer.varint(INT_VALUE);
        writer.int64(number);
      } else writer.doubleField(DOUBLE_VALUE, number);
      return true;
    }
    if (this.cursor.word('null')) return true;
    const isTrue = this.cursor.word('true');
    if (!isTrue && !this.cursor.word('false')) return false;
    writer.varintField(BOOL_VALUE, isTrue ? 1 : 0);
    return true;
  }

  private map(writer: ProtoWriter, depth: number): boolean {
    const { bytes } = this.cursor;
    const mark = writer.open(MAP_VALUE, 2);
    this.cursor.at++;
    let items = 0;
    while (bytes[this.cursor.at] !== CLOSE_MAP) {
      if (items > 0 && bytes[this.cursor.at++] !== COMMA) return false;
      if (++items > MAX_ITEMS || !this.cursor.key() || !this.pair(writer, ITEM, depth)) return false;
    }
    this.cursor.at++;
    writer.close(mark, 2);
    return true;
  }

  private list(writer: ProtoWriter, depth: number): boolean {
    const { bytes } = this.cursor;
    const mark = writer.open(ARRAY_VALUE, 2);
    this.cursor.at++;
    let items = 0;
    while (bytes[this.cursor.at] !== CLOSE_LIST) {
      if (items > 0 && bytes[this.cursor.at++] !== COMMA) return false;
      const item = writer.open(ITEM);
      if (++items > MAX_ITEMS || !this.value(writer, depth)) return false;
      writer.close(item);
    }
    this.cursor.at++;
    writer.close(mark, 2);
    return true;
  }

  /** The text just passed. One with more bytes than a text may have characters is left to who counts them. */
  private writeText(writer: ProtoWriter): boolean {
    const { from, to } = this.cursor;
    if (to - from > this.limits.maxChars) return false;
    if (this.cursor.isEscaped) {
      const text = unescaped(this.cursor.bytes.toString('utf8', from - 1, to + 1));
      if (text === undefined) return false;
      writer.stringField(STRING_VALUE, text);
      return true;
    }
    writer.varint(STRING_VALUE);
    writer.varint(to - from);
    this.copy(writer, from, to);
    return true;
  }

  private copy(writer: ProtoWriter, from: number, to: number): void {
    if (to - from > SHORT_BYTES) {
      writer.raw(this.cursor.bytes.subarray(from, to));
      return;
    }
    const { bytes } = this.cursor;
    writer.reserve(to - from);
    const { buffer } = writer;
    let position = writer.position;
    for (let at = from; at < to; at++) buffer[position++] = bytes[at] as number;
    writer.position = position;
  }
}

function unescaped(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
