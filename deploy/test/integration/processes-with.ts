import { readdir, readFile } from 'node:fs/promises';

/** Processes that have a text in their environment or their arguments: how a test finds what it has started. */
export async function processesWith(mark: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const texts = await Promise.all(
      ['environ', 'cmdline'].map((name) => readFile(`/proc/${entry}/${name}`, 'utf8').catch(() => '')),
    );
    if (texts.some((text) => text.includes(mark))) found.push(Number(entry));
  }
  return found;
}
