import { WireWriter } from '../../decode/wire-writer.js';
import type { LogDocument } from './log-document.js';

/** Documents nested deeper than this are refused. */
const MAX_DEPTH = 32;

/**
 * The documents as an `ExportLogsServiceRequest`, one resource per writer. Depends on nothing but the documents, so
 * that a request sent again gives the same bytes.
 */
export function encodeLogs(documents: readonly LogDocument[]): Uint8Array {
  const groups = new Map<string, LogDocument[]>();
  for (const document of documents) {
    const key = JSON.stringify(document.resource);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [document]);
    else group.push(document);
  }
  const writer = new WireWriter(4096);
  for (const group of groups.values()) {
    nested(writer, 1, () => {
      nested(writer, 1, () => writeAttributes(writer, 1, group[0]!.resource));
      nested(writer, 2, () => {
        for (const document of group) nested(writer, 2, () => writeRecord(writer, document));
      });
    });
  }
  return writer.finish();
}

/** @throws Error when a value is nested too deeply. */
export function checkDepth(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) throw new Error(`The document is nested deeper than ${MAX_DEPTH}.`);
  for (const inner of Object.values(value)) checkDepth(inner, depth + 1);
}

function writeRecord(writer: WireWriter, document: LogDocument): void {
  fixed64(writer, 1, document.timeNano);
  writer.varint(16);
  writer.varint(document.severityNumber);
  text(writer, 3, document.severityText);
  nested(writer, 5, () => writeValue(writer, document.body));
  writeAttributes(writer, 6, document.attributes);
  id(writer, 9, document.traceId);
  id(writer, 10, document.spanId);
}

function writeAttributes(writer: WireWriter, field: number, attributes: Iterable<[string, unknown]>): void {
  for (const [key, value] of attributes) {
    nested(writer, field, () => {
      text(writer, 1, key);
      nested(writer, 2, () => writeValue(writer, value));
    });
  }
}

/** The members of an `AnyValue`. */
function writeValue(writer: WireWriter, value: unknown): void {
  if (typeof value === 'string') text(writer, 1, value);
  else if (typeof value === 'boolean') {
    writer.varint(16);
    writer.varint(value ? 1 : 0);
  } else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) {
      writer.varint(24);
      writer.varint64(BigInt(value));
    } else {
      writer.varint(33);
      writer.double(value);
    }
  } else if (Array.isArray(value)) {
    nested(writer, 5, () => {
      for (const element of value) nested(writer, 1, () => writeValue(writer, element));
    });
  } else if (typeof value === 'object' && value !== null) {
    nested(writer, 6, () => writeAttributes(writer, 1, Object.entries(value)));
  }
}

function nested(writer: WireWriter, field: number, write: () => void): void {
  writer.varint((field << 3) | 2);
  const mark = writer.open();
  write();
  writer.close(mark);
}

function text(writer: WireWriter, field: number, value: string): void {
  writer.varint((field << 3) | 2);
  writer.text(value);
}

function id(writer: WireWriter, field: number, hex: string): void {
  if (hex === '') return;
  writer.varint((field << 3) | 2);
  writer.lengthDelimited(Buffer.from(hex, 'hex'));
}

function fixed64(writer: WireWriter, field: number, value: bigint): void {
  writer.varint((field << 3) | 1);
  writer.fixed64(value);
}
