const REMEMBERED = 500;
const MAX_CHARS = 4096;
/** Quoted names (kept), quoted text (also unterminated), dollar-quoted text, and numbers that are no part of a name or of a placeholder. */
const LITERAL =
  /"(?:[^"]|"")*"|'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|(?<![\w$.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)/gi;

const cleaned = new Map<string, string>();

/** Attributes whose text is a statement in a query language. */
export function isStatement(key: string): boolean {
  return key === 'db.query.text' || key === 'db.statement';
}

/**
 * A database statement without its values: literals become `?`, so that what customers typed does not leave the process
 * (semantic conventions, "Sanitization of db.query.text").
 */
export function withoutValues(statement: string): string {
  const known = cleaned.get(statement);
  if (known !== undefined) return known;
  if (cleaned.size >= REMEMBERED) cleaned.clear();
  const text = statement.slice(0, MAX_CHARS).replace(LITERAL, (found) => (found.startsWith('"') ? found : '?'));
  cleaned.set(statement, text);
  return text;
}
