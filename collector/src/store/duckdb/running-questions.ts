import { setTimeout as wait } from 'node:timers/promises';

/**
 * Knows which questions are being answered, so that a file that no new one will read is taken away only when the last
 * of those that may read it is over.
 */
export class RunningQuestions {
  readonly #running = new Set<Promise<unknown>>();
  /** What new questions wait for. */
  #pause: Promise<unknown> | null = null;

  /** Runs a question. */
  async run<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    while (this.#pause) await this.#pause;
    const answer = question();
    const over = answer.catch(() => undefined).finally(() => this.#running.delete(over));
    this.#running.add(over);
    return await answer;
  }

  /** Resolves when all that are running now are over. */
  async over(): Promise<void> {
    await Promise.all(this.#running);
  }

  /**
   * Runs something while no question is running; those that come meanwhile wait for it. One call at a time.
   * @param patienceMs how long questions that are running, and with them those that come, may keep it waiting
   * @returns false when it was not run, because some were not over by then
   */
  async whenNone(patienceMs: number, work: () => Promise<void>): Promise<boolean> {
    if (this.#running.size > 0 && patienceMs === 0) return false;
    let resume: () => void = () => undefined;
    this.#pause = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const patience = new AbortController();
    try {
      await Promise.race([
        this.over(),
        wait(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined),
      ]);
      if (this.#running.size > 0) return false;
      await work();
      return true;
    } finally {
      patience.abort();
      this.#pause = null;
      resume();
    }
  }
}
