import { textAt } from '../decode/text.js';

/**
 * Numbers the texts of one request, so that texts which repeat are compared and grouped as numbers and are made into a
 * string once.
 */
export class TextIds {
  readonly #bytes: Uint8Array;
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];
  readonly #texts: string[] = [];
  readonly #made = new Map<string, number>();
  /** Id plus one; 0 marks a free slot. */
  #slots = new Int32Array(64);
  #last = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  idOf(offset: number, length: number): number {
    // Texts repeat most often at once: of those nothing is hashed.
    const last = this.#last;
    if (this.#lengths[last] === length && this.#same(this.#offsets[last]!, offset, length)) return last;
    return (this.#last = this.#find(offset, length));
  }

  #find(offset: number, length: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(offset, length) & mask;
    for (let found = this.#slots[slot]!; found !== 0; found = this.#slots[slot]!) {
      if (this.#lengths[found - 1] === length && this.#same(this.#offsets[found - 1]!, offset, length))
        return found - 1;
      slot = (slot + 1) & mask;
    }
    const id = this.#texts.length;
    this.#offsets.push(offset);
    this.#lengths.push(length);
    this.#texts.push(textAt(this.#bytes, offset, length));
    this.#slots[slot] = id + 1;
    if (this.#texts.length * 2 > this.#slots.length) this.#grow();
    return id;
  }

  /** A text that does not stand in the request as it is. */
  idOfMade(text: string): number {
    let id = this.#made.get(text);
    if (id === undefined) {
      id = this.#texts.push(text) - 1;
      this.#made.set(text, id);
      // Found by no range: no range is that long.
      this.#offsets.push(0);
      this.#lengths.push(-1);
    }
    return id;
  }

  textOf(id: number): string {
    return this.#texts[id]!;
  }

  #same(a: number, b: number, length: number): boolean {
    const bytes = this.#bytes;
    for (let i = length - 1; i >= 0; i--) if (bytes[a + i] !== bytes[b + i]) return false;
    return true;
  }

  #hash(offset: number, length: number): number {
    const bytes = this.#bytes;
    let hash = SEED ^ length;
    const end = offset + length;
    for (let i = offset; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    return hash ^ (hash >>> 15);
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#texts.length; id++) {
      if (this.#lengths[id] === -1) continue;
      let slot = this.#hash(this.#offsets[id]!, this.#lengths[id]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

/** Differs from run to run, so that no sender can choose texts that meet in one slot. */
const SEED = Math.floor(Math.random() * 2 ** 32);
