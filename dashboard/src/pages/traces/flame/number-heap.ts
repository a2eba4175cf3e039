/** The smallest of many numbers first, by the key each came with. */
export class NumberHeap {
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  get size(): number {
    return this.#keys.length;
  }

  /** Key of the smallest; infinite when there is none. */
  get least(): number {
    return this.#keys[0] ?? Number.POSITIVE_INFINITY;
  }

  clear(): void {
    this.#keys.length = 0;
    this.#values.length = 0;
  }

  push(key: number, value: number): void {
    let at = this.#keys.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((this.#keys[above] as number) <= key) break;
      this.#place(at, this.#keys[above] as number, this.#values[above] as number);
      at = above;
    }
    this.#place(at, key, value);
  }

  /** Takes the value with the smallest key out. */
  pop(): number {
    const taken = this.#values[0] as number;
    const key = this.#keys.pop() as number;
    const value = this.#values.pop() as number;
    const size = this.#keys.length;
    if (size === 0) return taken;
    let at = 0;
    for (let below = 1; below < size; below = 2 * at + 1) {
      if (below + 1 < size && (this.#keys[below + 1] as number) < (this.#keys[below] as number)) below += 1;
      if ((this.#keys[below] as number) >= key) break;
      this.#place(at, this.#keys[below] as number, this.#values[below] as number);
      at = below;
    }
    this.#place(at, key, value);
    return taken;
  }

  #place(at: number, key: number, value: number): void {
    this.#keys[at] = key;
    this.#values[at] = value;
  }
}
