/**
 * Knows which questions are being answered, so that a file that no new one will read is taken away only when the last
 * of those that may read it is over.
 */
export class RunningQuestions {
  readonly #running = new Set<Promise<unknown>>();

  /** Runs a question. */
  async run<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    const answer = question();
    const over = answer.catch(() => undefined).finally(() => this.#running.delete(over));
    this.#running.add(over);
    return await answer;
  }

  /** Resolves when all that are running now are over. */
  async over(): Promise<void> {
    await Promise.all(this.#running);
  }
}
