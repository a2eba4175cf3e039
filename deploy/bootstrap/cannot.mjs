/**
 * Something the machine lacks or refuses. The message is one sentence for a person, with the way out in it;
 * whoever prints it prints no stack.
 */
export class CannotError extends Error {
  code = 'cannot';
  retryable = false;

  /**
   * @param {string} sentence
   * @param {unknown} [cause]
   */
  constructor(sentence, cause) {
    super(sentence, { cause });
    this.name = 'CannotError';
  }
}

/**
 * Runs a program's main function; prints what it cannot do as a sentence, everything unforeseen with its stack.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof CannotError ? error.message : error);
    process.exitCode = 1;
  }
}
