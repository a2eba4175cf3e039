import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How far the store side needs nothing of the log any more. Losing it costs space, never data. */
export async function readReleaseMark(directory: string): Promise<number> {
  try {
    const text = await readFile(join(directory, 'released'), 'utf8');
    const position = Number(text.trim());
    return Number.isSafeInteger(position) && position >= 0 ? position : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** Raises the mark; renaming makes it whole or unchanged. */
export async function writeReleaseMark(directory: string, position: number): Promise<void> {
  const path = join(directory, 'released');
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${position}\n`);
  await rename(temporary, path);
}
