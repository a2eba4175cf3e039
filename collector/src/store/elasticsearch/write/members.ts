import type { ByteRanges } from '../../../telemetry/attribute-columns.js';
import { ABSENT } from '../../../telemetry/span-columns.js';
import type { JsonBytes } from './json-bytes.js';

/** Members of empty values are left out: to be there is to be not empty. */
export function id(out: JsonBytes, member: string, bytes: Uint8Array, offset: number, count: number): void {
  if (offset === ABSENT) return;
  out.ascii(member);
  out.hex(bytes, offset, count);
}

export function range(out: JsonBytes, member: string, bytes: Uint8Array, ranges: ByteRanges, row: number): void {
  const length = ranges.length[row]!;
  if (length === 0) return;
  out.ascii(member);
  out.text(bytes, ranges.offset[row]!, length);
}

export function text(out: JsonBytes, member: string, value: string): void {
  if (value === '') return;
  out.ascii(member);
  out.string(value);
}
