const REMEMBERED = 500;
const MAX_CHARS = 4096;
/** Quoted names (kept), quoted text (also unterminated), dollar-quoted text, and numbers that are no part of a name or of a placeholder. */
const LITERAL =
  /"(?:[^"]|"")*"|'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|(?<![\w$.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)/gi;

/** The same where double quotes are text, as in MySQL, and names stand in backticks. */
const LITERAL_OF_MYSQL =
  /`(?:[^`]|``)*`|"(?:[^"\\]|""|\\[\s\S])*(?:"|$)|'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|(?<![\w$.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)/gi;

/** Systems (`db.system.name`) of that kind. */
const LIKE_MYSQL: ReadonlySet<unknown> = new Set(['mysql', 'mariadb']);

/** Redis commands whose first argument is no key, or whose arguments are secrets or scripts. */
const KEYLESS_OF_REDIS: ReadonlySet<string> = new Set(
  'acl auth client config echo eval eval_ro evalsha evalsha_ro fcall fcall_ro function hello migrate ping script'.split(
    ' ',
  ),
);

const cleaned = { usual: new Map<string, string>(), mysql: new Map<string, string>() };

/** Attributes whose text is a statement in a query language. */
export function isStatement(key: string): boolean {
  return key === 'db.query.text' || key === 'db.statement';
}

/**
 * A database statement without its values: literals become `?`, so that what customers typed does not leave the process
 * (semantic conventions, "Sanitization of db.query.text").
 * @param system `db.system.name` of the same span: it decides what double quotes mean
 */
export function withoutValues(statement: string, system?: unknown): string {
  if (system === 'redis') return redisWithoutValues(statement);
  const dialect = LIKE_MYSQL.has(system) ? 'mysql' : 'usual';
  const known = cleaned[dialect].get(statement);
  if (known !== undefined) return known;
  if (cleaned[dialect].size >= REMEMBERED) cleaned[dialect].clear();
  const name = dialect === 'mysql' ? '`' : '"';
  const text = statement
    .slice(0, MAX_CHARS)
    .replace(dialect === 'mysql' ? LITERAL_OF_MYSQL : LITERAL, (found) => (found.startsWith(name) ? found : '?'));
  cleaned[dialect].set(statement, text);
  return text;
}

/** Command and key; instrumentations write the arguments of commands they do not know as they are. */
function redisWithoutValues(text: string): string {
  const afterCommand = text.indexOf(' ');
  if (afterCommand === -1) return text.slice(0, MAX_CHARS);
  const command = text.slice(0, afterCommand);
  if (KEYLESS_OF_REDIS.has(command.toLowerCase())) return `${command} ?`;
  const afterKey = text.indexOf(' ', afterCommand + 1);
  return afterKey === -1 ? text.slice(0, MAX_CHARS) : `${text.slice(0, Math.min(afterKey, MAX_CHARS))} ?`;
}
