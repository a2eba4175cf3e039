import type { ByteRanges } from '../../../telemetry/attribute-columns.js';
import { ABSENT } from '../../../telemetry/span-columns.js';
import type { JsonBytes } from './json-bytes.js';
import { type JsonPiece, jsonPiece } from './json-piece.js';

/** `,"name":"`: what a text member begins with. Members of empty values are left out: to be there is to be not empty. */
export function textMember(name: string): JsonPiece {
  return jsonPiece(`,${JSON.stringify(name)}:"`);
}

export function id(out: JsonBytes, member: JsonPiece, bytes: Uint8Array, offset: number, count: number): void {
  if (offset !== ABSENT) out.hex(member, bytes, offset, count);
}

export function range(out: JsonBytes, member: JsonPiece, bytes: Uint8Array, ranges: ByteRanges, row: number): void {
  const length = ranges.length[row]!;
  if (length !== 0) out.member(member, bytes, ranges.offset[row]!, length);
}

export function text(out: JsonBytes, member: string, value: string): void {
  if (value === '') return;
  out.ascii(member);
  out.string(value);
}
