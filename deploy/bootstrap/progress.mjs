/**
 * Says what is going on, and how long it took.
 * @template T
 * @param {string} what as in "installing packages"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(what, work) {
  const begin = Date.now();
  console.log(`  ${what} …`);
  const result = await work();
  const seconds = (Date.now() - begin) / 1000;
  if (seconds >= 2) console.log(`  ${what}: done in ${seconds.toFixed(0)} s`);
  return result;
}
