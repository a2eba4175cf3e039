/** Requests of the same kind that are under way together: a cluster makes its changes one after the other anyway. */
const FEW = 4;

/** Does the work of every item, a few at a time; rejects with the first failure. */
export async function fewAtOnce<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += FEW) {
    await Promise.all(items.slice(from, from + FEW).map(work));
  }
}
