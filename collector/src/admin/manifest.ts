import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { CONTROL_FORMAT } from '../control/sqlite/open-database.js';
import { LOG_FORMAT } from '../log/segment.js';
import { SCHEMA_VERSION } from '../store/duckdb/schema.js';
import { AdminFailure } from './ask-api.js';

/** Version of the manifest itself. */
const MANIFEST_FORMAT = 1;
/** Its last file, so that a backup without it is known to be half of one. */
export const MANIFEST = 'manifest.json';

/** What a backup holds. */
export interface Manifest {
  format: number;
  /** Of the program that made it. */
  version: string;
  made: string;
  formats: { slices: number; log: number; control: number };
  files: { path: string; bytes: number; sha256: string }[];
}

/** Looks at every file of a folder, brings it to the disk and says what it is. */
export async function describe(folder: string, version: string, made: Date): Promise<Manifest> {
  const files = [];
  for (const file of await filesOf(folder)) {
    const handle = await open(path.join(folder, file), 'r');
    await handle.sync();
    const { size } = await handle.stat();
    await handle.close();
    files.push({ path: file, bytes: size, sha256: await digest(path.join(folder, file)) });
  }
  const formats = { slices: SCHEMA_VERSION, log: LOG_FORMAT, control: CONTROL_FORMAT };
  return { format: MANIFEST_FORMAT, version, made: made.toISOString(), formats, files };
}

/** Reads and judges the manifest. @throws AdminFailure when the folder is no whole backup, or one of a newer version. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(path.join(folder, MANIFEST), 'utf8').catch(async (cause: unknown) => {
    if (await stat(path.join(folder, 'store.lock.db')).catch(() => null))
      throw new AdminFailure(
        `${folder} is a data directory, not a backup of one: start the collector on it, or on a copy, with --data-dir.`,
        { cause },
      );
    throw new AdminFailure(
      `${folder} is no whole backup: it has no ${MANIFEST}, which is written last. Use another, or make one anew.`,
      { cause },
    );
  });
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch (cause) {
    throw new AdminFailure(`${path.join(folder, MANIFEST)} is damaged: use another backup.`, { cause });
  }
  const known: [what: string, has: number, reads: number][] = [
    ['backup', manifest.format, MANIFEST_FORMAT],
    ['slices', manifest.formats.slices, SCHEMA_VERSION],
    ['log', manifest.formats.log, LOG_FORMAT],
    ['control store', manifest.formats.control, CONTROL_FORMAT],
  ];
  for (const [what, has, reads] of known)
    if (has > reads)
      throw new AdminFailure(
        `${folder} was made by a newer version of Orrery (${what} of format ${has}, this one reads up to ${reads}): restore it with version ${manifest.version} or later.`,
      );
  return manifest;
}

/** @throws AdminFailure when a file is missing, is not what it was, or was not there when the backup was made. */
export async function verify(folder: string, { files }: Manifest, progress: (bytes: number) => void): Promise<void> {
  const expected = new Set([MANIFEST, ...files.map((file) => file.path)]);
  const strange = (await filesOf(folder)).find((file) => !expected.has(file));
  if (strange !== undefined)
    throw new AdminFailure(`${path.join(folder, strange)} does not belong to the backup: remove it, or use another.`);
  let checked = 0;
  for (const { path: file, bytes, sha256 } of files) {
    if (path.isAbsolute(file) || file.split(/[/\\]/).includes('..'))
      throw new AdminFailure(`${path.join(folder, MANIFEST)} names ${file}, which is not in it: use another backup.`);
    const found = await digest(path.join(folder, file)).catch(() => 'missing');
    if (found === 'missing') throw new AdminFailure(`${path.join(folder, file)} is missing: use another backup.`);
    if (found !== sha256)
      throw new AdminFailure(
        `${path.join(folder, file)} is not what it was (its checksum differs): use another backup.`,
      );
    checked += bytes;
    progress(checked);
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
