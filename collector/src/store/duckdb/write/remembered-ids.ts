/**
 * Ids of what repeats, by key. Only so many are remembered: a sender that makes up names costs no memory beyond that, and
 * what was forgotten gets another id when it comes again, which costs a row of a dictionary and nothing else.
 */
export class RememberedIds {
  readonly #most: number;
  #last: number;
  #young = new Map<string, number>();
  #youngKeys = new Map<number, string>();
  /** What was young before; what is used moves back. */
  #old: Map<string, number>;
  #oldKeys: Map<number, string>;

  /** `stored` stood in the slice before, `last` is the highest id ever given. Up to twice `most` are remembered. */
  constructor(most: number, stored: { id: number; key: string }[], last: number) {
    this.#most = most;
    this.#last = last;
    this.#old = new Map(stored.map(({ id, key }) => [key, id]));
    this.#oldKeys = new Map(stored.map(({ id, key }) => [id, key]));
  }

  of(key: string): number | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#remember(key, old);
    return old;
  }

  add(key: string): number {
    const id = ++this.#last;
    this.#remember(key, id);
    return id;
  }

  keyOf(id: number): string {
    return this.#youngKeys.get(id) ?? this.#oldKeys.get(id) ?? '';
  }

  /** To be called between records: what a record's rows were given stays known while it is read. */
  forgetSome(): void {
    if (this.#young.size < this.#most) return;
    this.#old = this.#young;
    this.#oldKeys = this.#youngKeys;
    this.#young = new Map();
    this.#youngKeys = new Map();
  }

  #remember(key: string, id: number): void {
    this.#young.set(key, id);
    this.#youngKeys.set(id, key);
  }
}
