/** Bits a key takes in a filter made to measure: about one false hit in a thousand. */
const BITS_PER_KEY = 16;
const HASHES = 6;

/**
 * A Bloom filter over ids. It is stored in slices, so what it does with an id never changes within a version of the
 * slice's format.
 */
export class IdFilter {
  readonly #bits: Uint32Array;

  constructor(bits: Uint32Array) {
    this.#bits = bits;
  }

  static forKeys(keys: number): IdFilter {
    return new IdFilter(new Uint32Array(Math.max(2, Math.ceil((keys * BITS_PER_KEY) / 32))));
  }

  static fromBytes(bytes: Uint8Array): IdFilter {
    const bits = new Uint32Array(bytes.length >> 2);
    new Uint8Array(bits.buffer).set(bytes.subarray(0, bits.length << 2));
    return new IdFilter(bits);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#bits.buffer);
  }

  add(id: bigint | string): void {
    for (const bit of this.#places(id)) {
      this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] as number) | (1 << (bit & 31));
    }
  }

  /** False: the id is certainly not there. */
  mayHave(id: bigint | string): boolean {
    return this.mayHaveHashed(hashOf(id));
  }

  /** The same of a hash: many filters are asked for one id. */
  mayHaveHashed([first, second]: IdHash): boolean {
    const size = this.#bits.length * 32;
    for (let index = 0, hash = first; index < HASHES; index++) {
      hash = mixed(hash + second) >>> 0;
      const bit = Math.floor((hash / 4294967296) * size);
      if (((this.#bits[bit >>> 5] as number) & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }

  #places(id: bigint | string): number[] {
    const [first, second] = hashOf(id);
    const size = this.#bits.length * 32;
    const places: number[] = [];
    let hash = first;
    for (let index = 0; index < HASHES; index++) {
      hash = mixed(hash + second) >>> 0;
      places.push(Math.floor((hash / 4294967296) * size));
    }
    return places;
  }
}

export type IdHash = readonly [first: number, second: number];

export function hashOf(id: bigint | string): IdHash {
  return typeof id === 'bigint' ? hashNumber(id) : hashText(id);
}

/** Trace ids should be random; those of senders that count them differ somewhere in the mixed words. */
function hashNumber(id: bigint): IdHash {
  let [first, second] = [0x9e3779b9, 0x85ebca6b];
  for (let rest = id, word = 0; word < 4; word++, rest >>= 32n) {
    const part = Number(rest & 0xffffffffn);
    first = mixed(first ^ part);
    second = mixed(Math.imul(second, 31) + part);
  }
  return [first, second | 1];
}

function hashText(id: string): IdHash {
  let [first, second] = [0x811c9dc5, 0x2166f261];
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second, 31) + unit;
  }
  return [mixed(first), mixed(second) | 1];
}

function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
