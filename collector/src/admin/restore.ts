import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AdminFailure } from './ask-api.js';
import { megabytes } from './backup.js';
import { type Manifest, readManifest, verify } from './manifest.js';

/**
 * Makes a data directory of a backup. Every file is checked before anything is made, and the directory gets its name
 * when it is whole.
 * @throws AdminFailure when the backup is not whole, or the directory holds something.
 */
export async function restore(backup: string, dataDir: string, progress: (line: string) => void): Promise<Manifest> {
  const held = await readdir(dataDir).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new AdminFailure(`${dataDir} can not be read: ${(error as Error).message}`, { cause: error });
  });
  if (held.length > 0)
    throw new AdminFailure(`${dataDir} is not empty: restore into a new folder, and start the collector on that.`);
  const manifest = await readManifest(backup);
  await verify(backup, manifest, (bytes) => progress(`checked ${megabytes(bytes)}`));
  const part = `${path.resolve(dataDir)}.part`;
  await rm(part, { recursive: true, force: true });
  for (const { path: file } of manifest.files) {
    await mkdir(path.dirname(path.join(part, file)), { recursive: true });
    await copyFile(path.join(backup, file), path.join(part, file), constants.COPYFILE_FICLONE);
    progress(`copied ${file}`);
  }
  // What was copied is what was checked, whatever became of the backup meanwhile.
  await verify(part, manifest, (bytes) => progress(`checked the copy, ${megabytes(bytes)}`));
  await rename(part, dataDir);
  return manifest;
}
