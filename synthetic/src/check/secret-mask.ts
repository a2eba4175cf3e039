import type { VariableSource } from './variables.js';

/** Blanks every secret in a text that leaves the runner. */
export type SecretMask = (text: string) => string;

const BLANK = '•••';
/** What is shorter is no secret, and blanking it would make every text unreadable. */
const SHORTEST = 4;

/** Knows `ORRERY_SECRET_*` and what else it is given, as they are and as they look in addresses and in JSON. */
export function secretMask(env: VariableSource['env'], more: readonly string[] = []): SecretMask {
  const secrets = Object.entries(env)
    .filter(([name]) => name.startsWith('ORRERY_SECRET_'))
    .map(([, value]) => value ?? '')
    .concat(more)
    .filter((value) => value.length >= SHORTEST);
  const forms = [
    ...new Set(secrets.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])),
  ].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return (text) => text;
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, BLANK), text);
}
