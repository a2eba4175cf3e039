/** One option: the variable, its default as text, its meaning, and how text becomes a value. */
export interface Row<Value> {
  readonly env: string;
  readonly fallback: string;
  readonly description: string;
  /** @throws {OptionFault} when the text is not a value of this option. */
  readonly read: (text: string) => Value;
}

export function row<Value>(
  env: string,
  fallback: string,
  read: (text: string) => Value,
  description: string,
): Row<Value> {
  return { env, fallback, read, description };
}

/** A value the agent cannot use; it then keeps the default and says so. */
export class OptionFault extends Error {
  readonly code = 'option_invalid';
  readonly retryable = false;

  /** @param usable the part of the text that can be used instead of the default */
  constructor(
    message: string,
    readonly usable = '',
  ) {
    super(message);
  }
}

export function optionalText(text: string): string | undefined {
  return text === '' ? undefined : text;
}

export function optionalUrl(text: string): string | undefined {
  if (text === '') return undefined;
  if (!/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : ''))
    throw new OptionFault('must be an http or https URL');
  return text;
}

export function boolean(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === '1') return true;
  if (lower === 'false' || lower === '0' || lower === '') return false;
  throw new OptionFault('must be true or false');
}

export function count(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new OptionFault('must be a whole number, not negative');
  return Number(text);
}

/** Timers of Node take no more; beyond it they fire at once, again and again. */
const LONGEST_MS = 2_147_483_647;

/** Milliseconds, at least `least`. */
export function milliseconds(least: number): (text: string) => number {
  return (text) => {
    const value = count(text);
    if (value < least || value > LONGEST_MS)
      throw new OptionFault(`must be milliseconds from ${least} to ${LONGEST_MS} (24 days)`);
    return value;
  };
}

export function optionalMilliseconds(least: number): (text: string) => number | undefined {
  const read = milliseconds(least);
  return (text) => (text === '' ? undefined : read(text));
}

export function oneOf<const Word extends string>(...words: Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text.toLowerCase());
    if (found === undefined) throw new OptionFault(`must be one of ${words.join(', ')}`);
    return found;
  };
}

export function optionalOneOf<const Word extends string>(...words: Word[]): (text: string) => Word | undefined {
  const read = oneOf(...words);
  return (text) => (text === '' ? undefined : read(text));
}

export function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `key=value,…` with percent-encoded values, as `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_EXPORTER_OTLP_HEADERS` are written. */
export function keyValues(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const item of list(text)) {
    const equals = item.indexOf('=');
    if (equals <= 0) throw new OptionFault(`"${item}" is not key=value`);
    pairs.set(decode(item.slice(0, equals).trim()), decode(item.slice(equals + 1).trim()));
  }
  return pairs;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
