/** What was thrown, in words, whatever it is: an object without a prototype, or one whose getters throw, has none. */
export function thrownText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return '[unprintable]';
  }
}
