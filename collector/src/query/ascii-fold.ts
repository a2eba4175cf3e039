/** Lower case in ASCII only: what bare words, wildcards and searches mean by "in any case" on both stores. */
export function asciiFold(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
