import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

interface Mark {
  from: number;
  to: number;
  attempts: number;
  /** How often exactly this one record was tried with nothing beside it. */
  alone: number;
}

/** Deaths after which a record that was tried alone is set aside. */
const MAX_ALONE = 2;
/** Records in one write after the first death and after each further one. */
const STRIDES = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 64, 1];

/**
 * Remembers, over a crash of this process, what was being stored. Written before a batch is tried and removed after:
 * if it is there at a start, those records may have taken the last process down, and are tried again in ever smaller
 * batches. A process may also be killed for no fault of a record, so one death alone changes nothing. The mark need
 * not survive the power, only us.
 */
export class AttemptMark {
  readonly #file: string;
  readonly #last: Mark | null;
  #running: Mark[] = [];

  constructor(dataDirectory: string) {
    this.#file = path.join(dataDirectory, 'storing.json');
    this.#last = read(this.#file);
  }

  /** End of the stretch of the log in which the last process died; 0 when it ended well. */
  get suspectUntil(): number {
    return this.#last?.to ?? 0;
  }

  /** How many records of that stretch may be tried at once. */
  get stride(): number {
    return STRIDES[Math.min(this.#last?.attempts ?? 0, STRIDES.length - 1)] ?? 1;
  }

  /** Whether exactly this record was tried alone so often that it is to be set aside. */
  isCulprit(from: number, to: number): boolean {
    const last = this.#last;
    return last !== null && last.from === from && last.to === to && last.alone >= MAX_ALONE;
  }

  /** Says that the `records` in `[from, to)` are tried now. */
  begin(from: number, to: number, records: number): void {
    const last = this.#last;
    const attempts = (last && from >= last.from && from < last.to ? last.attempts : 0) + 1;
    const isSame = last !== null && last.from === from && last.to === to;
    const alone = records === 1 ? (isSame ? last.alone : 0) + 1 : 0;
    this.#running = [...this.#running.filter((mark) => mark.from !== from), { from, to, attempts, alone }];
    this.#write();
  }

  /** What was begun at `from` came to an end, well or not. */
  end(from: number): void {
    this.#running = this.#running.filter((mark) => mark.from !== from);
    this.#write();
  }

  /** Writes overlap; any of them may be the one that ends the process. */
  #write(): void {
    if (this.#running.length === 0) {
      rmSync(this.#file, { force: true });
      return;
    }
    const mark: Mark = {
      from: Math.min(...this.#running.map(({ from }) => from)),
      to: Math.max(...this.#running.map(({ to }) => to)),
      attempts: Math.max(...this.#running.map(({ attempts }) => attempts)),
      alone: this.#running.length === 1 ? (this.#running[0]?.alone ?? 0) : 0,
    };
    writeFileSync(this.#file, JSON.stringify({ ...mark, check: checkOf(mark) }));
  }
}

/** Null when there is none, or one that is damaged: a record must not be blamed by a byte that rotted. */
function read(file: string): Mark | null {
  try {
    const { check, ...mark } = JSON.parse(readFileSync(file, 'utf8')) as Mark & { check: number };
    return check === checkOf(mark) ? mark : null;
  } catch {
    return null;
  }
}

function checkOf({ from, to, attempts, alone }: Mark): number {
  return crc32(`${from} ${to} ${attempts} ${alone}`);
}
