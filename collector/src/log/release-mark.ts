import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/**
 * How far the store side needs nothing of the log any more. Losing it costs space, never data; a position that is too far
 * would cost data, so it carries a checksum, and one that does not fit is none.
 */
export async function readReleaseMark(directory: string): Promise<number> {
  try {
    return parse(await readFile(join(directory, 'released'), 'latin1'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** Raises the mark; renaming makes it whole or unchanged. */
export async function writeReleaseMark(directory: string, position: number): Promise<void> {
  const path = join(directory, 'released');
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${position} ${checksum(String(position))}\n`);
  await rename(temporary, path);
}

function parse(text: string): number {
  const [, digits, check] = /^(\d+) ([0-9a-f]{8})\n$/.exec(text) ?? [];
  const position = Number(digits);
  return digits !== undefined && check === checksum(digits) && Number.isSafeInteger(position) ? position : 0;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
