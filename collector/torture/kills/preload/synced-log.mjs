/**
 * Preloaded into the intake: notes in the file `TORTURE_SYNCED` how much of each of its files is on the disk, a line
 * `<size> <path>` for every sync. Whatever stands behind that is what a power cut may take.
 */
import { appendFileSync, fstatSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';

const some = await open(process.execPath, 'r');
const handle = Object.getPrototypeOf(some);
await some.close();
for (const method of ['sync', 'datasync']) {
  const original = handle[method];
  handle[method] = async function () {
    const stat = fstatSync(this.fd);
    const file = readlinkSync(`/proc/self/fd/${this.fd}`);
    await original.call(this);
    if (stat.isFile()) appendFileSync(process.env.TORTURE_SYNCED, `${stat.size} ${file}\n`);
  };
}
