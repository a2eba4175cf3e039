import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { copyDatabase } from '../control/sqlite/open-database.js';
import { logDirectory } from '../ingest/run-ingest.js';
import { storeSocket } from '../store/tail/store-socket.js';
import { takeSnapshot } from '../store/tail/take-snapshot.js';
import { AdminFailure } from './ask-api.js';
import { describe, MANIFEST, type Manifest } from './manifest.js';

/** A folder that is being made, or was cut off while it was. */
const PART = '.part';

export interface BackupParts {
  version: string;
  /** One line about how far it is; called often. */
  progress: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Copies everything that a running collector keeps into a new folder. What was acknowledged before it began is in it:
 * the log is copied first, so that what is deleted from it meanwhile is in the slices that are copied after it. The
 * folder gets its name when it is whole and on the disk.
 * @throws AdminFailure
 */
export async function backup(dataDir: string, target: string, parts: BackupParts): Promise<Manifest> {
  const { progress, signal } = parts;
  if (await stat(target).catch(() => null)) throw new AdminFailure(`${target} is there already: choose another name.`);
  if (!(await stat(dataDir).catch(() => null)))
    throw new AdminFailure(
      `There is no folder ${dataDir}: say with --data-dir where the running collector keeps its data.`,
    );
  const part = target + PART;
  await mkdir(path.dirname(path.resolve(target)), { recursive: true });
  await mkdir(part).catch((cause: unknown) => {
    throw (cause as NodeJS.ErrnoException).code === 'EEXIST'
      ? new AdminFailure(`${part} is there: a backup is being made, or one was cut off. Remove it if none is.`, {
          cause,
        })
      : new AdminFailure(`${part} can not be made: ${(cause as Error).message}`, { cause });
  });
  try {
    const made = new Date();
    progress('log');
    await copyFolder(logDirectory(dataDir), path.join(part, 'log'), isOfLog, signal);
    await copyFolder(path.join(dataDir, 'quarantine'), path.join(part, 'quarantine'), isLetter, signal);
    await takeSnapshot(
      storeSocket(dataDir),
      path.resolve(part, 'slices'),
      ({ slices, ofSlices, bytes }) => progress(`slices ${slices} of ${ofSlices}, ${megabytes(bytes)}`),
      signal,
    );
    // The slices reach further than the log that was copied before them; positions they know must not be given out anew.
    await copyFolder(logDirectory(dataDir), path.join(part, 'log'), (name) => name === 'released', signal);
    // A second time: what was set aside until then is passed by the slices' cursor, and what was replayed is known to them.
    await copyFolder(path.join(dataDir, 'quarantine'), path.join(part, 'quarantine'), isLetter, signal);
    progress('control store');
    const control = path.join(dataDir, 'control.sqlite');
    if (await stat(control).catch(() => null)) copyDatabase(control, path.join(part, 'control.sqlite'));
    progress('checksums');
    const manifest = await describe(part, parts.version, made);
    signal.throwIfAborted();
    await writeFile(path.join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    for (const folder of ['slices', 'log', 'quarantine', '.']) await syncFolder(path.join(part, folder));
    await rename(part, target);
    await syncFolder(path.dirname(path.resolve(target)));
    return manifest;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** Segments, and what is known of the last minutes' bodies; not the lock, nor what was damaged. */
const isOfLog = (name: string): boolean => /^\d{16}\.(segment|hashes)$|^(durable|released|log-id(\.copy)?)$/.test(name);
const isLetter = (name: string): boolean => /^\d{16}\.(body|json)$|^made-room$/.test(name);

/** Files that go away while they are copied are left out: the log's are in the slices then, a letter's is dropped. */
async function copyFolder(
  from: string,
  to: string,
  wanted: (name: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from).catch(() => [])).filter(wanted);
  // Marks before what they speak of: the segments hold at least what the mark says.
  names.sort((a, b) => Number(/^\d/.test(a)) - Number(/^\d/.test(b)) || (a < b ? -1 : 1));
  for (const name of names) {
    signal.throwIfAborted();
    await copyFile(path.join(from, name), path.join(to, name), constants.COPYFILE_FICLONE).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
