import { HASH_BYTES } from './frame.js';

const WORDS = HASH_BYTES / 4;
const INITIAL_SLOTS = 1 << 12;
/** About 40 MiB a generation. Beyond it the window becomes shorter rather than the memory larger. */
const MAX_SLOTS = 1 << 21;

/**
 * Hashes of acknowledged bodies, for at least `windowMs`. Two generations of open addressing in typed arrays: an entry
 * is 20 bytes, nothing is ever deleted singly, and a generation is dropped whole once all of it is too old.
 */
export class DedupeTable {
  private readonly windowMs: number;
  private current = new Generation(INITIAL_SLOTS);
  private previous: Generation | null = null;
  /** When `current` was begun, on the clock of the callers. */
  private begunMs = Number.NEGATIVE_INFINITY;

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  has(hash: Uint8Array, nowMs: number): boolean {
    const addedMs = this.current.find(hash) ?? this.previous?.find(hash) ?? null;
    return addedMs !== null && nowMs - addedMs <= this.windowMs;
  }

  add(hash: Uint8Array, nowMs: number): void {
    if (this.begunMs === Number.NEGATIVE_INFINITY) this.begunMs = nowMs;
    if (nowMs - this.begunMs > this.windowMs || this.current.isFull()) {
      this.previous = this.current;
      this.current = new Generation(INITIAL_SLOTS);
      this.begunMs = nowMs;
    }
    this.current.add(hash, nowMs);
  }
}

class Generation {
  private slots: number;
  private count = 0;
  private hashes: Uint32Array;
  /** Milliseconds; 0 marks a free slot. */
  private times: Float64Array;

  constructor(slots: number) {
    this.slots = slots;
    this.hashes = new Uint32Array(slots * WORDS);
    this.times = new Float64Array(slots);
  }

  isFull(): boolean {
    return this.count >= MAX_SLOTS / 2;
  }

  find(hash: Uint8Array): number | null {
    const time = this.times[this.slotOf(toWords(hash))]!;
    return time === 0 ? null : time;
  }

  add(hash: Uint8Array, timeMs: number): void {
    if (this.count * 2 >= this.slots) this.grow();
    this.put(toWords(hash), timeMs);
  }

  private put(hash: Uint32Array, timeMs: number): void {
    const slot = this.slotOf(hash);
    if (this.times[slot] === 0) this.count++;
    this.hashes.set(hash, slot * WORDS);
    this.times[slot] = timeMs;
  }

  /** The slot that holds `hash`, or the free one where it belongs. Hashes are uniform, so their first word is the index. */
  private slotOf(hash: Uint32Array): number {
    const mask = this.slots - 1;
    let slot = hash[0]! & mask;
    while (this.times[slot] !== 0 && !this.holds(slot, hash)) slot = (slot + 1) & mask;
    return slot;
  }

  private holds(slot: number, hash: Uint32Array): boolean {
    const at = slot * WORDS;
    for (let word = 0; word < WORDS; word++) if (this.hashes[at + word] !== hash[word]) return false;
    return true;
  }

  private grow(): void {
    const { hashes, times } = this;
    this.slots *= 2;
    this.count = 0;
    this.hashes = new Uint32Array(this.slots * WORDS);
    this.times = new Float64Array(this.slots);
    for (let slot = 0; slot < times.length; slot++) {
      if (times[slot] !== 0) this.put(hashes.subarray(slot * WORDS, (slot + 1) * WORDS), times[slot]!);
    }
  }
}

function toWords(hash: Uint8Array): Uint32Array {
  const words = new Uint32Array(WORDS);
  new Uint8Array(words.buffer).set(hash);
  return words;
}
