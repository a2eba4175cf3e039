/** A mutant: the log's frames are never synced. */
import { open } from 'node:fs/promises';

const some = await open(process.execPath, 'r');
Object.getPrototypeOf(some).datasync = async () => undefined;
await some.close();
