import { bytesEqual } from '../decode/text.js';
import type { AttributeColumns } from '../telemetry/attribute-columns.js';

/**
 * Finds a fixed set of attribute keys in one pass over an owner's rows, comparing bytes and allocating nothing.
 * Of a key that stands twice the first counts.
 */
export class KnownKeys<Slot extends string> {
  /** Row of each key of the last {@link locate} in the order in which keys were given, -1 where one is missing. */
  readonly rows: Int32Array;
  readonly #slots: Record<Slot, number>;
  /** Keys by their length in bytes. */
  readonly #byLength: { bytes: Uint8Array; slot: number }[][] = [];

  constructor(keys: Record<Slot, string | readonly string[]>) {
    const slots = Object.keys(keys) as Slot[];
    this.rows = new Int32Array(slots.length).fill(-1);
    this.#slots = Object.fromEntries(slots.map((slot, i) => [slot, i])) as Record<Slot, number>;
    for (const slot of slots) {
      for (const key of [keys[slot]].flat()) {
        const bytes = Buffer.from(key, 'utf8');
        this.#byLength[bytes.length] ??= [];
        this.#byLength[bytes.length]?.push({ bytes, slot: this.#slots[slot] });
      }
    }
  }

  locate(bytes: Uint8Array, attributes: AttributeColumns, from: number, to: number): void {
    const { keyLength, keyOffset } = attributes;
    this.rows.fill(-1);
    for (let row = from; row < to; row++) {
      const candidates = this.#byLength[keyLength[row] as number];
      if (candidates === undefined) continue;
      for (const { bytes: key, slot } of candidates) {
        if (this.rows[slot] === -1 && bytesEqual(bytes, keyOffset[row] as number, key)) {
          this.rows[slot] = row;
          break;
        }
      }
    }
  }

  /** Row of a key, -1 when the owner has not got it. */
  row(slot: Slot): number {
    return this.rows[this.#slots[slot]] as number;
  }
}
