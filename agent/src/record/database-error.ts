import type { Attributes } from '@opentelemetry/api';

const TEXTS = ['exception.message', 'exception.stacktrace'] as const;

/**
 * What a database said went wrong, without the values it quotes (`Duplicate entry 'ann@example.org' for key …`, `invalid
 * input syntax for type integer: "4711"`). From the first quote to the last: what is quoted can hold quotes. Names that
 * PostgreSQL quotes inside of a sentence stay.
 */
export function errorWithoutValues(message: string): string {
  return message.replace(/'[^]*'/, "'?'").replace(/: "[^]*"/, ': "?"');
}

/** The attributes of an exception's event with such a message; of any other event as they are. */
export function exceptionWithoutValues(attributes: Attributes | undefined): Attributes | undefined {
  const message = attributes?.['exception.message'];
  if (typeof message !== 'string') return attributes;
  const clean = errorWithoutValues(message);
  if (clean === message) return attributes;
  const cleaned: Attributes = { ...attributes };
  for (const key of TEXTS) {
    const text = cleaned[key];
    // A stack begins with the message.
    if (typeof text === 'string') cleaned[key] = text.replaceAll(message, () => clean);
  }
  return cleaned;
}
