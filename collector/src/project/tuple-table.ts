/** Integers of a tuple. */
const ARITY = 5;

/** Numbers tuples of five 32-bit integers in the order in which they come up, without an object or text per look-up. */
export class TupleTable {
  #tuples = new Int32Array(16 * ARITY);
  /** Number of the tuple plus one; 0 marks a free slot. */
  #slots = new Int32Array(32);
  #count = 0;

  /** How many there are: the number of the next new one. */
  get count(): number {
    return this.#count;
  }

  numberOf(a: number, b: number, c: number, d: number, e: number): number {
    const tuples = this.#tuples;
    const mask = this.#slots.length - 1;
    let slot = mixed(a, b, c, d, e) & mask;
    for (let found = this.#slots[slot]!; found !== 0; found = this.#slots[slot]!) {
      const at = (found - 1) * ARITY;
      if (
        tuples[at] === a &&
        tuples[at + 1] === b &&
        tuples[at + 2] === c &&
        tuples[at + 3] === d &&
        tuples[at + 4] === e
      ) {
        return found - 1;
      }
      slot = (slot + 1) & mask;
    }
    const number = this.#count++;
    if (this.#count * ARITY > this.#tuples.length) {
      const larger = new Int32Array(this.#tuples.length * 2);
      larger.set(this.#tuples);
      this.#tuples = larger;
    }
    this.#tuples.set([a, b, c, d, e], number * ARITY);
    this.#slots[slot] = this.#count;
    if (this.#count * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const tuples = this.#tuples;
    for (let number = 0; number < this.#count; number++) {
      const at = number * ARITY;
      let slot = mixed(tuples[at]!, tuples[at + 1]!, tuples[at + 2]!, tuples[at + 3]!, tuples[at + 4]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** Differs from run to run, so that no sender can choose tuples that meet in one slot. */
const SEED = Math.floor(Math.random() * 2 ** 32);

function mixed(a: number, b: number, c: number, d: number, e: number): number {
  let hash = Math.imul(SEED ^ a, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ d, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ e, 0x85ebca6b);
  return hash ^ (hash >>> 16);
}
