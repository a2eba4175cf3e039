import { copyFile, mkdir, rename, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';

/** Folder, beside the slices, of what could not be read. */
const DAMAGED = 'damaged';
/** A file of DuckDB begins with three headers; without more, nothing was ever moved into it. */
const HEADERS_BYTES = 3 * 4096;
/** Size and checksum of an entry of DuckDB's log of changes stand before the place that its errors name. */
const ENTRY_HEADER_BYTES = 16;

/**
 * Brings a slice that DuckDB refuses to read into a state that it reads. DuckDB cuts a torn entry off the end of a
 * slice's log of changes (`.wal`) by itself, but not one of the right length and with the wrong bytes, as a power cut
 * leaves it; nor does it forgive a file that was torn at its making. Nothing that was committed is touched unless it is
 * damaged itself, and then it is kept aside: the cursor is among what is left, so the log is read again from there.
 * @returns what was done, as a sentence; null when this is not for us to mend
 */
export async function repairSlice(file: string, error: Error): Promise<string | null> {
  const name = path.basename(file);
  if (/Failure while replaying WAL/.test(error.message)) {
    const wal = `${file}.wal`;
    const { size } = await stat(wal);
    const entry = /entry at byte position (\d+)/.exec(error.message)?.[1];
    const sound = entry === undefined ? 0 : Math.min(Number(entry) - ENTRY_HEADER_BYTES, size);
    if (sound < 0 || sound === size) return null;
    const kept = await placeFor(wal);
    await copyFile(wal, kept);
    await truncate(wal, sound);
    return `${size - sound} of ${size} bytes of the latest changes to the slice ${name} are damaged and were cut off (a copy is ${kept}); what was in them is read from the log again, as far as it reaches.`;
  }
  if (!/not a valid DuckDB database|Could not read enough bytes|Corrupt database file/.test(error.message)) return null;
  const { size } = await stat(file);
  if (size <= HEADERS_BYTES) {
    await rm(file);
    await rm(`${file}.wal`, { force: true });
    return `The slice ${name} was torn while it was made; it held nothing yet and is made anew.`;
  }
  const kept = await placeFor(file);
  await rename(file, kept);
  await rename(`${file}.wal`, `${kept}.wal`).catch(() => undefined);
  return `The slice ${name} can not be read (${error.message.split('\n')[0]}); it was moved to ${kept}, and what it held is missing.`;
}

/** A free name for a damaged file. */
async function placeFor(file: string): Promise<string> {
  const folder = path.join(path.dirname(file), DAMAGED);
  await mkdir(folder, { recursive: true });
  for (let copy = 1; ; copy++) {
    const place = path.join(folder, `${path.basename(file)}.${copy}`);
    if (!(await stat(place).catch(() => null))) return place;
  }
}
