import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LogRecord } from '../log/log-record.js';

/** Where records go that can never be stored: their bytes and why, for people to look at. Nothing here is deleted. */
export class DeadLetters {
  readonly #directory: string;
  #count: number;

  private constructor(directory: string, count: number) {
    this.#directory = directory;
    this.#count = count;
  }

  static async open(directory: string): Promise<DeadLetters> {
    await mkdir(directory, { recursive: true });
    const files = await readdir(directory);
    return new DeadLetters(directory, files.filter((file) => file.endsWith('.json')).length);
  }

  get count(): number {
    return this.#count;
  }

  /** Sets a record aside under its position, so that doing it again changes nothing. */
  async add(record: LogRecord, reason: string): Promise<void> {
    const name = path.join(this.#directory, String(record.position).padStart(16, '0'));
    await writeFile(`${name}.body`, record.body);
    const told = {
      position: record.position,
      signal: record.signal,
      encoding: record.encoding,
      received_nano: record.receivedNano.toString(),
      tenant: record.tenant,
      reason,
    };
    const known = await writeFile(`${name}.json`, `${JSON.stringify(told)}\n`, { flag: 'wx' }).catch(
      (error: unknown) =>
        (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'known' : Promise.reject(error as Error),
    );
    if (known !== 'known') this.#count += 1;
  }
}
