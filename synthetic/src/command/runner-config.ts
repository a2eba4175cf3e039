import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Variables } from '../check/check-fields.js';
import { type Fault, faultText } from '../check/fault.js';
import { schemaFaults } from '../check/schema-faults.js';
import { referencesIn } from '../check/variables.js';
import { readYaml, type YamlFile } from '../check/yaml-file.js';
import { NotifyConfig } from '../notify/receivers.js';

/** `synthetic:` in the configuration. */
const SyntheticConfig = z.strictObject({
  location: z
    .string()
    .max(64)
    .regex(/^[\w.:/-]+$/)
    .default('local')
    .describe('Where the runner stands.'),
  variables: Variables.default({}),
  dashboard_url: z.url().optional().describe('Where people reach the dashboard; links in pages begin with it.'),
  concurrency: z
    .strictObject({
      http: z.number().int().min(1).max(1000).default(10),
      browser: z.number().int().min(1).max(8).default(1),
      expectation: z.number().int().min(1).max(100).default(5),
    })
    .prefault({}),
});

/** The parts of `orrery.yaml` that the runner reads; the others are the collector's. */
const RunnerConfig = z.object({ notify: NotifyConfig, synthetic: SyntheticConfig.prefault({}) });
export type RunnerConfig = z.infer<typeof RunnerConfig>;

type Env = Readonly<Record<string, string | undefined>>;

/** The configuration is wrong; every fault is in the message. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';
  readonly retryable = false;
  constructor(file: string, faults: readonly Fault[]) {
    super(faults.map((fault) => faultText(file, fault)).join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * Reads the file (none: the defaults), lays `ORRERY_NOTIFY__…` and `ORRERY_SYNTHETIC__…` over it, and fills `${NAME}`
 * from the environment.
 * @throws ConfigError
 */
export async function loadRunnerConfig(file: string | undefined, env: Env): Promise<RunnerConfig> {
  const name = file ?? 'configuration';
  const yaml = readYaml(file === undefined ? '' : await readText(file));
  if (yaml.faults.length > 0) throw new ConfigError(name, yaml.faults);
  const sections = isRecord(yaml.value) ? { notify: yaml.value['notify'], synthetic: yaml.value['synthetic'] } : {};
  const faults: Fault[] = [];
  const value = fillFromEnv(withoutEmpty(overlay(sections, env)), [], env, yaml, faults);
  const parsed = RunnerConfig.safeParse(value);
  if (!parsed.success) faults.push(...schemaFaults(parsed.error).map(yaml.place));
  if (faults.length > 0 || !parsed.success) throw new ConfigError(name, faults);
  return parsed.data;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, [{ path: '', message: `cannot be read: ${(error as Error).message}.` }]);
  }
}

/** `ORRERY_A__B` overrides `a.b`. */
function overlay(sections: Record<string, unknown>, env: Env): Record<string, unknown> {
  const result = structuredClone(sections);
  for (const [name, value] of Object.entries(env)) {
    const match = /^ORRERY_((?:NOTIFY|SYNTHETIC)__.+)$/.exec(name);
    if (!match || value === undefined) continue;
    const path = (match[1] ?? '').toLowerCase().split('__');
    let target = result;
    for (const key of path.slice(0, -1)) {
      const next = target[key];
      target = (target[key] = isRecord(next) ? next : {}) as Record<string, unknown>;
    }
    target[path.at(-1) ?? ''] = scalar(value, path[0] === 'synthetic');
  }
  return result;
}

/** Lists, truths and numbers in the environment are written as JSON; what looks like a number may be a key elsewhere. */
function scalar(text: string, numbers: boolean): unknown {
  if (!(numbers && /^\d+$/.test(text)) && !/^(true|false|\[.*\]|\{.*\})$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fillFromEnv(value: unknown, path: PropertyKey[], env: Env, yaml: YamlFile, faults: Fault[]): unknown {
  if (typeof value === 'string') {
    const missing = referencesIn(value).filter((name) => env[name] === undefined);
    faults.push(...missing.map((name) => yaml.place({ path, message: `the environment has no ${name}.` })));
    return value.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) => env[name] ?? whole);
  }
  if (Array.isArray(value)) return value.map((item, index) => fillFromEnv(item, [...path, index], env, yaml, faults));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillFromEnv(item, [...path, key], env, yaml, faults)]),
  );
}

function withoutEmpty(sections: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(sections).filter(([, value]) => value !== undefined && value !== null));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
