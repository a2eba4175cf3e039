import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Mark {
  from: number;
  to: number;
  attempts: number;
}

/** Attempts after which a record that took the process down by itself is set aside. */
export const MAX_ATTEMPTS = 2;

/**
 * Remembers, over a crash of this process, what was being stored. Written before a batch is tried and removed after:
 * if it is there at a start, those records took the last process down. It need not survive the power, only us.
 */
export class AttemptMark {
  readonly #file: string;
  readonly #last: Mark | null;
  #running: Mark[] = [];

  constructor(dataDirectory: string) {
    this.#file = path.join(dataDirectory, 'storing.json');
    this.#last = read(this.#file);
  }

  /** End of the stretch of the log in which the last process died; records before it are tried one by one. */
  get suspectUntil(): number {
    return this.#last?.to ?? 0;
  }

  /**
   * Says that `[from, to)` is tried now.
   * @returns how often exactly that was tried before without coming to an end
   */
  begin(from: number, to: number): number {
    const before = this.#last?.from === from && this.#last.to === to ? this.#last.attempts : 0;
    this.#running = [...this.#running.filter((mark) => mark.from !== from), { from, to, attempts: before + 1 }];
    this.#write();
    return before;
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
    };
    writeFileSync(this.#file, JSON.stringify(mark));
  }
}

function read(file: string): Mark | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Mark;
  } catch {
    return null;
  }
}
