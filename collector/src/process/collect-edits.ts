import { WireCursor } from '../decode/wire-cursor.js';
import { WireWriter } from '../decode/wire-writer.js';
import { AttributeType } from '../telemetry/attribute-columns.js';
import type { AttributePath } from './attribute-paths.js';
import { cutText } from './cut-text.js';
import type { Edit } from './edit.js';
import type { SensitiveKeys } from './sensitive-keys.js';

export interface ValueRules {
  /** Null when redaction is off. */
  sensitive: SensitiveKeys | null;
  maxAttributeBytes: number;
  maxLogBodyBytes: number;
}

export interface CollectedEdits {
  edits: Edit[];
  redacted: number;
  truncated: number;
}

/** `AnyValue` with the text "[redacted]". */
const REDACTED = encodeText('[redacted]');

/** Walks a message the decoder has accepted and says what has to change in its attributes, nested ones included. */
export function collectEdits(bytes: Uint8Array, path: AttributePath, rules: ValueRules): CollectedEdits {
  const found: CollectedEdits = { edits: [], redacted: 0, truncated: 0 };
  const cursor = new WireCursor(bytes);
  const walk = new Walk(cursor, rules, found);
  walk.message(bytes.length, path);
  return found;
}

/** Whether something has to change within one encoded `ArrayValue` or `KeyValueList`. */
export function nestedNeedsEdits(
  bytes: Uint8Array,
  type: AttributeType,
  from: number,
  to: number,
  rules: ValueRules,
): boolean {
  const found: CollectedEdits = { edits: [], redacted: 0, truncated: 0 };
  const cursor = new WireCursor(bytes);
  cursor.pos = from;
  const walk = new Walk(cursor, rules, found);
  if (type === AttributeType.array) walk.array(to, rules.maxAttributeBytes);
  else walk.map(to);
  return found.edits.length > 0;
}

class Walk {
  private readonly cursor: WireCursor;
  private readonly rules: ValueRules;
  private readonly found: CollectedEdits;

  constructor(cursor: WireCursor, rules: ValueRules, found: CollectedEdits) {
    this.cursor = cursor;
    this.rules = rules;
    this.found = found;
  }

  message(end: number, path: AttributePath): void {
    this.fields(end, (field, to) => {
      if (path.texts.includes(field)) this.text(to, this.rules.maxAttributeBytes);
      else if (field === path.attributes) this.keyValue(to);
      else if (field === path.value) this.value(to, this.rules.maxLogBodyBytes);
      else {
        const child = path.children.get(field);
        if (child !== undefined) this.message(to, child);
      }
    });
  }

  private keyValue(end: number): void {
    const { cursor, rules, found } = this;
    const start = cursor.pos;
    let sensitive = false;
    // The key first, wherever it stands.
    this.fields(end, (field, to) => {
      if (field !== 1) return;
      sensitive = rules.sensitive?.has(cursor.bytes, cursor.pos, to - cursor.pos) ?? false;
      this.text(to, rules.maxAttributeBytes);
    });
    cursor.pos = start;
    this.fields(end, (field, to) => {
      if (field !== 2) return;
      if (!sensitive) this.value(to, rules.maxAttributeBytes);
      else if (to > cursor.pos && !alreadyRedacted(cursor.bytes, cursor.pos, to)) {
        found.edits.push({ from: cursor.pos, to, bytes: REDACTED });
        found.redacted++;
      }
    });
  }

  private value(end: number, maxBytes: number): void {
    this.fields(end, (field, to) => {
      if (field === 1) this.text(to, maxBytes);
      else if (field === 7) this.bytes(to, maxBytes);
      else if (field === 5) this.array(to, maxBytes);
      else if (field === 6) this.map(to);
    });
  }

  array(end: number, maxBytes: number): void {
    this.fields(end, (field, to) => {
      if (field === 1) this.value(to, maxBytes);
    });
  }

  map(end: number): void {
    this.fields(end, (field, to) => {
      if (field === 1) this.keyValue(to);
    });
  }

  private text(to: number, maxBytes: number): void {
    const { bytes, pos } = this.cursor;
    if (to - pos > maxBytes) this.cut(to, cutText(bytes, pos, to, maxBytes));
  }

  private bytes(to: number, maxBytes: number): void {
    const { bytes, pos } = this.cursor;
    if (to - pos > maxBytes) this.cut(to, bytes.subarray(pos, pos + maxBytes));
  }

  private cut(to: number, bytes: Uint8Array): void {
    this.found.edits.push({ from: this.cursor.pos, to, bytes });
    this.found.truncated++;
  }

  /** Hands every length-delimited field to `visit` with the cursor at its content, then goes on behind it. */
  private fields(end: number, visit: (field: number, to: number) => void): void {
    const { cursor } = this;
    while (cursor.pos < end) {
      const tag = cursor.tag(end);
      if ((tag & 7) !== 2) {
        cursor.skip(tag, end);
        continue;
      }
      const length = cursor.length(end);
      const to = cursor.pos + length;
      visit(tag >>> 3, to);
      cursor.pos = to;
    }
  }
}

function alreadyRedacted(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === REDACTED.length && REDACTED.every((byte, i) => bytes[from + i] === byte);
}

function encodeText(text: string): Uint8Array {
  const writer = new WireWriter(32);
  writer.varint(10);
  writer.text(text);
  return writer.finish();
}
