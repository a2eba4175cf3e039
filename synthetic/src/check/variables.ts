/**
 * Where `${…}` in a check file gets its value:
 * `${name}` from the file's `variables` (or `--var`, `ORRERY_VAR_NAME`, the config) or saved by an earlier step,
 * `${env.NAME}` from the environment, `${secret.name}` from `ORRERY_SECRET_NAME`, `${run.id}` new for each run.
 */
export interface VariableSource {
  /** Overrides of `variables` in every file. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const reference = /\$\{([A-Za-z_][\w.-]*)\}/g;

/** Names that a text refers to. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(reference)].map((match) => match[1] ?? '');
}

export type Values = Map<string, unknown>;

/** The values a run begins with. */
export function initialValues(
  variables: Readonly<Record<string, string | number | boolean>>,
  source: VariableSource,
  runId: string,
): Values {
  const values: Values = new Map(Object.entries(variables));
  for (const [name, value] of Object.entries(source.overrides)) values.set(name, value);
  values.set('run.id', runId);
  return values;
}

/** The value of one name; undefined when there is none. */
export function lookUp(name: string, values: Values, source: VariableSource): unknown {
  if (name.startsWith('env.')) return source.env[name.slice(4)];
  if (name.startsWith('secret.')) return secretValue(name.slice(7), source.env);
  return values.get(name);
}

/** `ORRERY_SECRET_<NAME>`, in capitals. */
export function secretValue(name: string, env: VariableSource['env']): string | undefined {
  return env[`ORRERY_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`];
}

/** Thrown when a run meets a name without a value. */
export class UnknownVariableError extends Error {
  readonly code = 'unknown_variable';
  readonly retryable = false;
  constructor(readonly variable: string) {
    super(`There is no value for \${${variable}}.`);
    this.name = 'UnknownVariableError';
  }
}

/** @throws UnknownVariableError */
export function fillText(text: string, values: Values, source: VariableSource): string {
  return text.replaceAll(reference, (_, name: string) => {
    const value = lookUp(name, values, source);
    if (value === undefined) throw new UnknownVariableError(name);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/**
 * Fills every text inside a value. A text that is nothing but one `${name}` becomes the value itself, so that a saved
 * number stays a number.
 * @throws UnknownVariableError
 */
export function fillValue(value: unknown, values: Values, source: VariableSource): unknown {
  if (typeof value === 'string') {
    const whole = /^\$\{([A-Za-z_][\w.-]*)\}$/.exec(value)?.[1];
    if (whole === undefined) return fillText(value, values, source);
    const found = lookUp(whole, values, source);
    if (found === undefined) throw new UnknownVariableError(whole);
    return found;
  }
  if (Array.isArray(value)) return value.map((item) => fillValue(item, values, source));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillValue(item, values, source)]));
  }
  return value;
}
