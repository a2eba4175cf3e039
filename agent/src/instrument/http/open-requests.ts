/** Its place in the list it stands in, kept by that list alone. */
export interface Listed {
  place: number;
}

/** The place of what stands in no list. */
export const NOWHERE = -1;

/**
 * What is being served. A list and not a `Map`: one that is added to and removed from all the time is built anew every few
 * requests, each old table refers to the next and to what was in it, and once one of them is in V8's old generation all
 * requests after it are kept until the next mark-sweep, which made the heap of a service twice as large.
 */
export class OpenRequests<Item extends Listed> {
  private readonly items: Item[] = [];

  add(item: Item): void {
    item.place = this.items.push(item) - 1;
  }

  /** Nothing happens when it is not in here. */
  remove(item: Item): void {
    const { place } = item;
    if (place === NOWHERE) return;
    item.place = NOWHERE;
    const last = this.items.pop();
    if (last === undefined || last === item) return;
    this.items[place] = last;
    last.place = place;
  }

  /** What is in here now, also while it is removed. */
  all(): readonly Item[] {
    return [...this.items];
  }
}
