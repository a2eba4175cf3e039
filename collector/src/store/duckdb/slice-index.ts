import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { LogPosition } from '../../log/log-record.js';
import type { Slice, SliceExtent } from './slice.js';
import type { SliceFacts } from './slice-facts.js';

const FILE = 'index.json';
/** Grows with every change of what an entry says. */
const VERSION = 3;

interface Entry {
  bytes: number;
  changedMs: number;
  cursor: LogPosition;
  /** Identity of the log that the cursor is of. */
  log: string;
  extents: [signal: number, items: number, minNano: string, maxNano: string][];
  sealed: SliceFacts;
}

/**
 * What sealed slices say of themselves, in one file beside them, so that a start does not open them all. It may be
 * old, damaged or gone: an entry counts only for a file that has not changed since, and others are opened.
 */
export class SliceIndex {
  readonly #directory: string;
  readonly #entries: Map<string, Entry>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(directory: string, entries: Map<string, Entry>) {
    this.#directory = directory;
    this.#entries = entries;
  }

  static async open(directory: string): Promise<SliceIndex> {
    try {
      const text = await readFile(path.join(directory, FILE), 'utf8');
      const [head = '', body = ''] = text.split('\n');
      const { version, check } = JSON.parse(head) as { version: number; check: number };
      // A cursor that is too high would cost what is not stored yet.
      if (version === VERSION && check === crc32(body)) {
        return new SliceIndex(directory, new Map(Object.entries(JSON.parse(body) as Record<string, Entry>)));
      }
    } catch {
      // Not there, or not whole: the slices themselves are asked.
    }
    return new SliceIndex(directory, new Map());
  }

  /** Fills in what is known of the slice; false when its file has to be asked. */
  async describe(slice: Slice): Promise<boolean> {
    const entry = this.#entries.get(path.basename(slice.path));
    if (!entry) return false;
    const file = await stat(slice.path).catch(() => null);
    const isSame = file?.size === entry.bytes && file.mtimeMs === entry.changedMs;
    // Changes that DuckDB has not yet brought into the file.
    const log = await stat(`${slice.path}.wal`).catch(() => null);
    if (!isSame || log !== null) return false;
    slice.cursor = entry.log === slice.log ? entry.cursor : (0 as LogPosition);
    slice.log = entry.log;
    slice.extents = new Map(
      entry.extents.map(([signal, items, min, max]): [number, SliceExtent] => [
        signal,
        { items, minNano: BigInt(min), maxNano: BigInt(max) },
      ]),
    );
    slice.sealed = entry.sealed;
    return true;
  }

  /** Remembers these slices and no others. Failing does no harm. */
  write(slices: readonly Slice[]): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(slices)).catch(() => undefined);
    return this.#writing;
  }

  async #write(slices: readonly Slice[]): Promise<void> {
    const entries: Record<string, Entry> = {};
    for (const slice of slices) {
      const file = await stat(slice.path);
      if (!slice.sealed) continue;
      entries[path.basename(slice.path)] = {
        bytes: file.size,
        changedMs: file.mtimeMs,
        cursor: slice.cursor,
        log: slice.log,
        extents: [...slice.extents].map(([signal, { items, minNano, maxNano }]) => [
          signal,
          items,
          minNano.toString(),
          maxNano.toString(),
        ]),
        sealed: slice.sealed,
      };
    }
    const file = path.join(this.#directory, FILE);
    const body = JSON.stringify(entries);
    await writeFile(`${file}.new`, `${JSON.stringify({ version: VERSION, check: crc32(body) })}\n${body}`);
    await rename(`${file}.new`, file);
  }
}
