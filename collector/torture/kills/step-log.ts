import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';

/** Follows the trace of steps that a process writes; see `self.step_trace` in the collector's configuration. */
export class StepLog {
  readonly file: string;
  readonly #descriptor: number;
  readonly #last = new Map<number, string>();
  readonly #counts = new Map<string, number>();
  #offset = 0;
  #rest = '';

  constructor(file: string) {
    this.file = file;
    writeFileSync(file, '');
    this.#descriptor = openSync(file, 'r');
  }

  /** The last step that a process reached; empty when it reached none. */
  lastOf(pid: number): string {
    this.#read();
    return this.#last.get(pid) ?? '';
  }

  /** How often a process reached a step. */
  countOf(pid: number, step: string): number {
    this.#read();
    return this.#counts.get(`${pid} ${step}`) ?? 0;
  }

  /** Where a process is frozen; null while it moves. */
  heldAt(pid: number): string | null {
    this.#read();
    return this.#counts.has(`${pid} held`) ? this.lastOf(pid) : null;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #read(): void {
    const bytes = Buffer.alloc(1 << 16);
    for (;;) {
      const count = readSync(this.#descriptor, bytes, 0, bytes.length, this.#offset);
      if (count === 0) return;
      this.#offset += count;
      const lines = (this.#rest + bytes.toString('latin1', 0, count)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) {
        const [pid, step] = line.split(' ') as [string, string];
        const key = `${pid} ${step}`;
        this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
        if (step !== 'held') this.#last.set(Number(pid), step);
      }
    }
  }
}
