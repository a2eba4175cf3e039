/** What stands between tokens (RFC 8259, section 2). */
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PLAIN = 0x20;
const WORDS = ['true', 'false', 'null'] as const;

/**
 * Where a text stops being JSON (RFC 8259), as an index into it; null when it is JSON. For telling people: it is slower
 * than `JSON.parse`, whose messages name a place in some cases only.
 */
export function jsonFaultPlace(text: string): number | null {
  let at = 0;
  /** Closing brackets that are owed. */
  const open: ('}' | ']')[] = [];

  const skip = (pattern: RegExp): void => {
    pattern.lastIndex = at;
    at += pattern.exec(text)?.[0].length ?? 0;
  };
  const string = (): boolean => {
    if (text[at] !== '"') return false;
    at = endOfCharacters(text, at + 1);
    if (text[at] !== '"') return false;
    at++;
    return true;
  };
  /** A member's name and its colon. */
  const name = (): boolean => {
    skip(SPACE);
    if (!string()) return false;
    skip(SPACE);
    if (text[at] !== ':') return false;
    at++;
    return true;
  };
  const scalar = (): boolean => {
    if (text[at] === '"') return string();
    const word = WORDS.find((candidate) => text.startsWith(candidate, at));
    if (word !== undefined) {
      at += word.length;
      return true;
    }
    const before = at;
    skip(NUMBER);
    return at > before;
  };

  for (;;) {
    skip(SPACE);
    const bracket = text[at];
    if (bracket === '{' || bracket === '[') {
      const closing = bracket === '{' ? '}' : ']';
      at++;
      skip(SPACE);
      if (text[at] !== closing) {
        open.push(closing);
        if (closing === '}' && !name()) return at;
        continue;
      }
      at++;
    } else if (!scalar()) return at;
    // After a value: brackets close, or a comma leads to the next.
    for (;;) {
      skip(SPACE);
      const owed = open.at(-1);
      if (owed === undefined) return at === text.length ? null : at;
      if (text[at] !== owed) break;
      open.pop();
      at++;
    }
    if (text[at] !== ',') return at;
    at++;
    if (open.at(-1) === '}' && !name()) return at;
  }
}

/** From `from` on, the first that is no character of a text: its closing quote, or the fault. */
function endOfCharacters(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      const length = escapeLength(text, at + 1);
      if (length === 0) return at;
      at += 1 + length;
    } else if (code === QUOTE || code < FIRST_PLAIN) return at;
    else at++;
  }
  return at;
}

/** Of the escape behind a backslash; 0 when it is none. */
function escapeLength(text: string, at: number): number {
  if (at < text.length && '"\\/bfnrt'.includes(text[at]!)) return 1;
  return text[at] === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5)) ? 5 : 0;
}
