/**
 * The shortest body found that still fails: pieces are left out, ever smaller ones, as long as `fails` stays true. At
 * most `tries` attempts, so that a slow failure does not take the night.
 */
export async function minimise(body: Buffer, fails: (body: Buffer) => Promise<boolean>, tries = 600): Promise<Buffer> {
  let shortest = body;
  let left = tries;
  for (let size = Math.ceil(body.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < shortest.length && left > 0; left--) {
      const shorter = Buffer.concat([shortest.subarray(0, at), shortest.subarray(at + size)]);
      if (await fails(shorter)) shortest = shorter;
      else at += size;
    }
  }
  return shortest;
}
