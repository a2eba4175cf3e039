import { AttributeType } from '../telemetry/attribute-columns.js';
import type { AttributeTable, ResourceTable, ScopeTable } from './attribute-table.js';
import { DecodeError } from './decode-error.js';
import { MAX_NESTING, type WireCursor } from './wire-cursor.js';

/**
 * Reads fields `tag` (below 128) that follow one another, from the cursor on, as long as each has the shape nearly
 * every attribute has: key, then a text, a small integer or a truth value, all lengths one byte, and nothing else.
 * Everything is read and compared before anything is believed; the cursor stops before the first of another shape,
 * which {@link decodeKeyValue} reads. This is where most of a request's bytes are, hence columns and position in locals.
 */
export function decodeShortAttributes(cursor: WireCursor, end: number, tag: number, table: AttributeTable): void {
  const { bytes } = cursor;
  let { pos } = cursor;
  let row = table.count;
  let { capacity, keyOffset, keyLength, type, valueOffset, valueLength, number, intWords } = table;
  // Three heads of two bytes and a value of at least two.
  while (pos + 8 <= end && bytes[pos] === tag && bytes[pos + 2] === 10) {
    const length = bytes[pos + 1]!;
    const keySize = bytes[pos + 3]!;
    const key = pos + 4;
    const value = key + keySize;
    const next = pos + 2 + length;
    if (length > 0x7f || keySize > 0x7f || next > end || value + 4 > next || bytes[value] !== 18) break;
    const kind = bytes[value + 2]!;
    const first = bytes[value + 3]!;
    if (first > 0x7f || value + 2 + bytes[value + 1]! !== next) break;
    if (kind === 10 ? value + 4 + first !== next : value + 4 !== next || (kind !== 24 && kind !== 16)) break;
    if (row === capacity) {
      table.count = row;
      table.grow();
      ({ capacity, keyOffset, keyLength, type, valueOffset, valueLength, number, intWords } = table);
    }
    keyOffset[row] = key;
    keyLength[row] = keySize;
    if (kind === 10) {
      type[row] = AttributeType.string;
      valueOffset[row] = value + 4;
      valueLength[row] = first;
    } else if (kind === 24) {
      type[row] = AttributeType.int;
      number[row] = first;
      intWords[row * 2] = first;
    } else {
      type[row] = AttributeType.boolean;
      number[row] = first === 0 ? 0 : 1;
    }
    row++;
    pos = next;
  }
  table.count = row;
  cursor.pos = pos;
}

/** Reads one `KeyValue` that ends at `end` into a new row. */
export function decodeKeyValue(cursor: WireCursor, end: number, table: AttributeTable): void {
  const row = table.add();
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) {
      const length = cursor.length(end);
      table.keyOffset[row] = cursor.pos;
      table.keyLength[row] = length;
      cursor.pos += length;
    } else if (tag === 18) {
      const length = cursor.length(end);
      decodeAnyValue(cursor, cursor.pos + length, table, row);
    } else {
      cursor.skip(tag, end);
    }
  }
}

/** Reads an `AnyValue` that ends at `end` into `row`; the last member of the oneof wins. */
export function decodeAnyValue(cursor: WireCursor, end: number, table: AttributeTable, row: number): void {
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    switch (tag) {
      case 10:
        setRange(cursor, end, table, row, AttributeType.string);
        break;
      case 16: {
        const value = cursor.varint32(end) === 0 ? 0 : 1;
        table.type[row] = AttributeType.boolean;
        table.number[row] = value;
        break;
      }
      case 24:
        cursor.varint64(end);
        table.type[row] = AttributeType.int;
        table.number[row] = cursor.signed();
        table.intWords[row * 2] = cursor.low;
        table.intWords[row * 2 + 1] = cursor.high;
        break;
      case 33:
        table.number[row] = cursor.double(end);
        table.type[row] = AttributeType.double;
        break;
      case 42: {
        const length = cursor.length(end);
        const from = cursor.pos;
        checkArray(cursor, from + length, 1);
        storeRange(table, row, AttributeType.array, from, length);
        break;
      }
      case 50: {
        const length = cursor.length(end);
        const from = cursor.pos;
        checkMap(cursor, from + length, 1);
        storeRange(table, row, AttributeType.map, from, length);
        break;
      }
      case 58:
        setRange(cursor, end, table, row, AttributeType.bytes);
        break;
      default:
        cursor.skip(tag, end);
    }
  }
}

/** Reads a `Resource` into row `row`. */
export function decodeResource(
  cursor: WireCursor,
  end: number,
  resources: ResourceTable,
  row: number,
  attributes: AttributeTable,
): void {
  resources.attributes.from[row] = attributes.count;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) {
      const length = cursor.length(end);
      decodeKeyValue(cursor, cursor.pos + length, attributes);
    } else {
      cursor.skip(tag, end);
    }
  }
  resources.attributes.to[row] = attributes.count;
}

/** Reads an `InstrumentationScope` into row `row`. */
export function decodeScope(
  cursor: WireCursor,
  end: number,
  scopes: ScopeTable,
  row: number,
  attributes: AttributeTable,
): void {
  scopes.attributes.from[row] = attributes.count;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10 || tag === 18) {
      const length = cursor.length(end);
      const column = tag === 10 ? scopes.name : scopes.version;
      column.offset[row] = cursor.pos;
      column.length[row] = length;
      cursor.pos += length;
    } else if (tag === 26) {
      const length = cursor.length(end);
      decodeKeyValue(cursor, cursor.pos + length, attributes);
    } else {
      cursor.skip(tag, end);
    }
  }
  scopes.attributes.to[row] = attributes.count;
}

function setRange(cursor: WireCursor, end: number, table: AttributeTable, row: number, type: number): void {
  const length = cursor.length(end);
  storeRange(table, row, type, cursor.pos, length);
  cursor.pos += length;
}

function storeRange(table: AttributeTable, row: number, type: number, offset: number, length: number): void {
  table.type[row] = type;
  table.valueOffset[row] = offset;
  table.valueLength[row] = length;
}

/** Walks a nested value once, so that whoever reads it later need not be afraid of it. */
function checkArray(cursor: WireCursor, end: number, depth: number): void {
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) checkValue(cursor, cursor.length(end), depth);
    else cursor.skip(tag, end);
  }
}

function checkMap(cursor: WireCursor, end: number, depth: number): void {
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag !== 10) {
      cursor.skip(tag, end);
      continue;
    }
    const length = cursor.length(end);
    const entryEnd = cursor.pos + length;
    while (cursor.pos < entryEnd) {
      const inner = cursor.tag(entryEnd);
      if (inner === 18) checkValue(cursor, cursor.length(entryEnd), depth);
      else cursor.skip(inner, entryEnd);
    }
  }
}

function checkValue(cursor: WireCursor, length: number, depth: number): void {
  if (depth > MAX_NESTING) throw new DecodeError(`an attribute nested deeper than ${MAX_NESTING}`, cursor.pos);
  const end = cursor.pos + length;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 42 || tag === 50) {
      const inner = cursor.length(end);
      if (tag === 42) checkArray(cursor, cursor.pos + inner, depth + 1);
      else checkMap(cursor, cursor.pos + inner, depth + 1);
    } else {
      cursor.skip(tag, end);
    }
  }
}
