import { ABSENT } from '../telemetry/span-columns.js';

/** True when every byte of the id is zero: OTLP's way of saying that it is invalid. */
function isZero(bytes: Uint8Array, offset: number, length: number): boolean {
  for (let i = offset; i < offset + length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** Offset of an id that is there and valid, else {@link ABSENT}. */
export function idOffset(bytes: Uint8Array, offset: number, length: number, wanted: number): number {
  return length === wanted && !isZero(bytes, offset, length) ? offset : ABSENT;
}
