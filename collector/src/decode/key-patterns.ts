import type { AttributeColumns, AttributePatterns } from '../telemetry/attribute-columns.js';

interface Pattern {
  /** Row of the first key of the first owner. */
  from: number;
  length: number;
  /** Another of the same hash, or -1. */
  next: number;
}

/** The patterns of one request's rows. */
export class KeyPatterns implements AttributePatterns {
  readonly #view: DataView;
  readonly #attributes: AttributeColumns;
  readonly #patterns: Pattern[] = [];
  /** The first pattern of each hash. */
  readonly #byHash = new Map<number, number>();
  #last = 0;
  #other = 0;
  /** Number of the pattern plus one by the first row of an owner, once it was asked for: rows and projections both ask. */
  #asked: Int32Array | null = null;

  constructor(bytes: Uint8Array, attributes: AttributeColumns) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#attributes = attributes;
  }

  of(from: number, to: number): number {
    const asked = (this.#asked ??= new Int32Array(this.#attributes.count + 1));
    const known = asked[from]! - 1;
    // An owner without attributes begins where the next one does.
    if (known >= 0 && this.#patterns[known]!.length === to - from) return known;
    const number = this.#numberOf(from, to);
    asked[from] = number + 1;
    return number;
  }

  #numberOf(from: number, to: number): number {
    if (this.#matches(this.#last, from, to)) return this.#last;
    const other = this.#other;
    this.#other = this.#last;
    this.#last = other !== this.#last && this.#matches(other, from, to) ? other : this.#find(from, to);
    return this.#last;
  }

  #find(from: number, to: number): number {
    const hash = this.#hash(from, to);
    const first = this.#byHash.get(hash) ?? -1;
    for (let number = first; number !== -1; number = this.#patterns[number]!.next) {
      if (this.#matches(number, from, to)) return number;
    }
    this.#byHash.set(hash, this.#patterns.length);
    return this.#patterns.push({ from, length: to - from, next: first }) - 1;
  }

  #matches(number: number, from: number, to: number): boolean {
    const pattern = this.#patterns[number];
    if (pattern === undefined || pattern.length !== to - from) return false;
    const { keyOffset, keyLength, type } = this.#attributes;
    let known = pattern.from;
    for (let row = from; row < to; row++, known++) {
      const length = keyLength[row]!;
      if (length !== keyLength[known] || type[row] !== type[known]) return false;
      if (!same(this.#view, keyOffset[row]!, keyOffset[known]!, length)) return false;
    }
    return true;
  }

  #hash(from: number, to: number): number {
    const { keyOffset, keyLength, type } = this.#attributes;
    let hash = SEED;
    for (let row = from; row < to; row++) {
      const length = keyLength[row]!;
      hash = Math.imul(hash ^ (length << 8) ^ type[row]!, 0x01000193);
      const offset = keyOffset[row]!;
      for (let i = offset; i < offset + length; i++) hash = Math.imul(hash ^ this.#view.getUint8(i), 0x01000193);
    }
    return hash;
  }
}

/** Four bytes at a time: keys are most of what is compared. */
function same(view: DataView, a: number, b: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (view.getInt32(a + i, true) !== view.getInt32(b + i, true)) return false;
  for (; i < length; i++) if (view.getUint8(a + i) !== view.getUint8(b + i)) return false;
  return true;
}

/** Differs from run to run, so that no sender can choose keys that meet in one place. */
const SEED = Math.floor(Math.random() * 2 ** 32);
