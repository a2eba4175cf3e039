import { constants } from 'node:fs';
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Slice } from './slice.js';
import type { Slices } from './slices.js';
import type { StoreWriter } from './write/store-writer.js';

/** How much of a snapshot is copied; told again and again. */
export interface SnapshotProgress {
  slices: number;
  ofSlices: number;
  bytes: number;
}

/** Slices that are still written to, newest last: they are copied while nothing is committed. */
const HOT = 2;

/**
 * Copies all slices into a folder, as they were at one moment between two commits, while the store goes on. What is not
 * written to any more is copied before that moment, and once more at it if it was changed meanwhile (merged, replayed
 * into, dropped); only the newest slices hold commits up. DuckDB writes into its files in place, so a link would not do.
 */
export async function snapshotSlices(
  slices: Slices,
  { connection, writer }: { connection: DuckDBConnection; writer: StoreWriter },
  folder: string,
  progress: (progress: SnapshotProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const copied = new Map<string, { file: string; state: string; bytes: number }>();
  const tell = () =>
    progress({
      slices: copied.size,
      ofSlices: Math.max(slices.all().length, copied.size),
      bytes: [...copied.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    });
  const copy = async (slice: Slice): Promise<void> => {
    signal.throwIfAborted();
    const file = slice.path;
    // As it was before the copy: a change while it is copied shows, too.
    const state = await stateOf(file);
    const target = path.join(folder, path.basename(file));
    await copyFile(file, target, constants.COPYFILE_FICLONE);
    copied.set(slice.name, { file: target, state, bytes: (await stat(target)).size });
    tell();
  };
  const cold = await writer.betweenCommits(async () => {
    const older = slices.all().slice(0, -HOT);
    for (const slice of older) await checkpoint(connection, slices, slice);
    return older;
  });
  // One may be rewritten or dropped meanwhile; then the moment has another, or none.
  for (const slice of cold) await copy(slice).catch((error: unknown) => missing(error));
  await writer.betweenCommits(async () => {
    const present = slices.all();
    for (const [name, { file }] of copied) {
      const now = present.find((slice) => slice.name === name);
      if (now && path.basename(now.path) === path.basename(file)) continue;
      copied.delete(name);
      await rm(file, { force: true });
    }
    for (const slice of present) {
      await checkpoint(connection, slices, slice);
      if (copied.get(slice.name)?.state !== (await stateOf(slice.path))) await copy(slice);
    }
  });
}

/** Brings what stands in DuckDB's own log into the file; that is nothing when nothing was written since. */
async function checkpoint(connection: DuckDBConnection, slices: Slices, slice: Slice): Promise<void> {
  if (!(await stat(`${slice.path}.wal`).catch(() => null))) return;
  await slices.attach(slice);
  await connection.run(`CHECKPOINT ${slice.catalog}`);
}

async function stateOf(file: string): Promise<string> {
  const [own, wal] = await Promise.all([
    stat(file, { bigint: true }),
    stat(`${file}.wal`, { bigint: true }).catch(() => null),
  ]);
  return `${own.ino} ${own.size} ${own.mtimeNs} ${wal?.size ?? 0}`;
}

function missing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
