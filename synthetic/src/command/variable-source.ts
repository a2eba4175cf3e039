import type { VariableSource } from '../check/variables.js';

/**
 * Variables that override those of the files: of the configuration, then `ORRERY_VAR_<NAME>`, then `--var name=value`.
 * @throws Error when a `--var` is not of that form
 */
export function variableSource(
  configured: Readonly<Record<string, string | number | boolean>>,
  env: VariableSource['env'],
  given: readonly string[],
): VariableSource {
  const overrides: Record<string, string> = {};
  for (const [name, value] of Object.entries(configured)) overrides[name] = String(value);
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('ORRERY_VAR_') && value !== undefined) overrides[name.slice(11).toLowerCase()] = value;
  }
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) throw new Error(`--var ${text}: write it as name=value.`);
    overrides[text.slice(0, at)] = text.slice(at + 1);
  }
  return { overrides, env };
}
