/** One character of a wildcard pattern: `*` and `?` are `wild` unless a backslash stood before them. */
export interface PatternPart {
  char: string;
  wild: boolean;
}

/** A pattern of the AST as characters (code points), its escapes taken away. */
export function patternParts(pattern: string): PatternPart[] {
  const parts: PatternPart[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const char = characters[at] ?? '';
    if (char === '\\' && at + 1 < characters.length) parts.push({ char: characters[++at] ?? '', wild: false });
    else parts.push({ char, wild: char === '*' || char === '?' });
  }
  return parts;
}

/** The pattern that these characters came from. */
export function patternText(parts: PatternPart[]): string {
  return parts.map(({ char, wild }) => (wild ? char : literalInPattern(char))).join('');
}

export function literalInPattern(char: string): string {
  return char === '*' || char === '?' || char === '\\' ? `\\${char}` : char;
}

/** Whether a pattern matches a whole value, case-insensitive in ASCII: what both stores must agree with. */
export function wildcardMatches(pattern: string, value: string): boolean {
  const parts = patternParts(pattern).map(({ char, wild }) => ({ char: asciiLower(char), wild }));
  const characters = [...value].map(asciiLower);
  const isStar = (index: number) => parts[index]?.wild === true && parts[index]?.char === '*';
  let at = 0;
  let part = 0;
  let star = -1;
  let resume = 0;
  while (at < characters.length) {
    const current = parts[part];
    if (isStar(part)) {
      star = part++;
      resume = at;
    } else if (current && (current.wild || current.char === characters[at])) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++resume;
    } else return false;
  }
  while (isStar(part)) part++;
  return part === parts.length;
}

function asciiLower(char: string): string {
  return char >= 'A' && char <= 'Z' ? char.toLowerCase() : char;
}
