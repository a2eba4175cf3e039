import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BodyEncoding, LogPosition, LogRecord, Signal } from '../log/log-record.js';

/** A record that was set aside, without its body. */
export interface SetAside {
  position: number;
  signal: Signal;
  encoding: BodyEncoding;
  received_nano: string;
  tenant: string;
  reason: string;
  /** Unix milliseconds; missing in letters of the first version. */
  set_aside_ms?: number;
}

/** Reason of a record that must be read with care: doing so may end the process that does. */
export const ENDED_THE_PROCESS = 'it ended the store process again and again';

export interface DeadLetterBounds {
  /** Bytes of all bodies. */
  maxBytes: number;
  maxLetters: number;
}

const BOUNDS: DeadLetterBounds = { maxBytes: 256 << 20, maxLetters: 10_000 };

/**
 * Where records go that can never be stored: their bytes and why. The place is bounded. When it is full the oldest make
 * room and are counted: refusing instead would stop the log for everybody else.
 */
export class DeadLetters {
  readonly bounds: DeadLetterBounds;
  readonly #directory: string;
  readonly #known = new Map<number, SetAside & { bytes: number }>();
  #bytes = 0;
  #madeRoom: number;

  private constructor(directory: string, bounds: DeadLetterBounds, madeRoom: number) {
    this.#directory = directory;
    this.bounds = bounds;
    this.#madeRoom = madeRoom;
  }

  /** @param warn told of letters that can not be read, in a line each */
  static async open(
    directory: string,
    bounds: DeadLetterBounds = BOUNDS,
    warn: (sentence: string) => void = () => undefined,
  ): Promise<DeadLetters> {
    await mkdir(directory, { recursive: true });
    const madeRoom = Number(await readFile(path.join(directory, 'made-room'), 'utf8').catch(() => '0'));
    const letters = new DeadLetters(directory, bounds, Number.isFinite(madeRoom) ? madeRoom : 0);
    for (const file of (await readdir(directory)).sort()) {
      if (!/^\d{16}\.json$/.test(file)) continue;
      const position = Number(file.slice(0, 16));
      const told = await readFile(path.join(directory, file), 'utf8').then(parsed, () => null);
      const body = await stat(letters.#bodyOf(position)).catch(() => null);
      if (told?.position === position && body) letters.#remember(told, body.size);
      else warn(`The dead letter ${path.join(directory, file)} is damaged: it is not listed, and stays where it is.`);
    }
    return letters;
  }

  get count(): number {
    return this.#known.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many of the oldest were removed because the place was full. */
  get madeRoom(): number {
    return this.#madeRoom;
  }

  /** Newest first. */
  all(): (SetAside & { bytes: number })[] {
    return [...this.#known.values()].sort((a, b) => b.position - a.position);
  }

  /**
   * Sets a record aside under its position, so that doing it again changes nothing. Resolves once it would survive the
   * power: the log's copy is given up after it.
   */
  async add(record: LogRecord, reason: string): Promise<void> {
    if (this.#known.has(record.position)) return;
    await this.#makeRoom(record.body.length);
    const told: SetAside = {
      position: record.position,
      signal: record.signal,
      encoding: record.encoding,
      received_nano: record.receivedNano.toString(),
      tenant: record.tenant,
      reason,
      set_aside_ms: Date.now(),
    };
    await durably(this.#bodyOf(record.position), record.body);
    // Written last: a letter without it is none.
    await durably(this.#noteOf(record.position), Buffer.from(`${JSON.stringify(told)}\n`));
    await syncFolder(this.#directory);
    this.#remember(told, record.body.length);
  }

  /** The record as it stood in the log; null when there is none at this position. */
  async get(position: number): Promise<{ told: SetAside; record: LogRecord } | null> {
    const told = this.#known.get(position);
    const body = told && (await readFile(this.#bodyOf(position)).catch(() => null));
    if (!told || !body) return null;
    const record: LogRecord = {
      position: position as LogPosition,
      next: (position + 1) as LogPosition,
      signal: told.signal,
      encoding: told.encoding,
      receivedNano: BigInt(told.received_nano),
      tenant: told.tenant,
      body,
    };
    return { told, record };
  }

  /** False when there was none. */
  async remove(position: number): Promise<boolean> {
    const known = this.#known.get(position);
    if (!known) return false;
    await rm(this.#noteOf(position), { force: true });
    await rm(this.#bodyOf(position), { force: true });
    this.#known.delete(position);
    this.#bytes -= known.bytes;
    return true;
  }

  async #makeRoom(bytes: number): Promise<void> {
    const { maxBytes, maxLetters } = this.bounds;
    let gone = 0;
    for (const { position } of this.all().reverse()) {
      if (this.#bytes + bytes <= maxBytes && this.#known.size < maxLetters) break;
      await this.remove(position);
      gone += 1;
    }
    if (gone === 0) return;
    this.#madeRoom += gone;
    await writeFile(path.join(this.#directory, 'made-room'), String(this.#madeRoom));
  }

  #remember(told: SetAside, bytes: number): void {
    this.#known.set(told.position, { ...told, bytes });
    this.#bytes += bytes;
  }

  #bodyOf(position: number): string {
    return path.join(this.#directory, `${String(position).padStart(16, '0')}.body`);
  }

  #noteOf(position: number): string {
    return path.join(this.#directory, `${String(position).padStart(16, '0')}.json`);
  }
}

/** Null for what is no letter's note. */
function parsed(text: string): SetAside | null {
  try {
    const told = JSON.parse(text) as Partial<Record<keyof SetAside, unknown>>;
    const isWhole =
      Number.isSafeInteger(told.position) &&
      [1, 2, 3].includes(told.signal as number) &&
      [0, 1].includes(told.encoding as number) &&
      /^\d{1,19}$/.test(String(told.received_nano)) &&
      typeof told.tenant === 'string' &&
      typeof told.reason === 'string' &&
      (told.set_aside_ms === undefined || Number.isSafeInteger(told.set_aside_ms));
    return isWhole ? (told as SetAside) : null;
  } catch {
    return null;
  }
}

/** Whole or not at all, and on the disk. */
async function durably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(`${file}.new`, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

async function syncFolder(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
