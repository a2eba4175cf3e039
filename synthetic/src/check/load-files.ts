import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import type { BrokenCheck, Check, LoadedFile } from './check.js';
import { CheckName } from './check-fields.js';
import { expectationFaults, httpCheckFaults } from './check-semantics.js';
import { ExpectationFile } from './expectation.js';
import type { Fault, UnplacedFault } from './fault.js';
import { HttpCheckFile } from './http-check.js';
import { loadJourney } from './load-journey.js';
import { schemaFaults } from './schema-faults.js';
import type { VariableSource } from './variables.js';
import { readYaml } from './yaml-file.js';

/** What a file is, by its name; undefined when it is nothing of ours. */
export function kindOfFile(file: string): BrokenCheck['kind'] | undefined {
  if (/\.check\.ya?ml$/.test(file)) return 'http';
  if (file.endsWith('.journey.ts')) return 'browser';
  if (/\.expectation\.ya?ml$/.test(file)) return 'expectation';
  return undefined;
}

/** Loads every file on its own: what is wrong with one never touches another. Two of one name: the later is a fault. */
export async function loadFiles(files: readonly string[], source: VariableSource): Promise<LoadedFile[]> {
  const loaded = await Promise.all(files.map((file) => loadFile(file, source)));
  const firstOf = new Map<string, string>();
  // Files that can run claim their names first: a broken copy must not push out a check that works.
  for (const one of loaded) {
    if (one.check && !firstOf.has(one.check.name)) firstOf.set(one.check.name, one.file);
  }
  for (const one of loaded) {
    if (!one.check && !firstOf.has(one.broken.name)) firstOf.set(one.broken.name, one.file);
  }
  return loaded.map((one) => {
    const name = one.check ? one.check.name : one.broken.name;
    const first = firstOf.get(name);
    return first === undefined || first === one.file ? one : secondOfName(one, name, first);
  });
}

function secondOfName(one: LoadedFile, name: string, first: string): LoadedFile {
  const { kind, title } = one.check ?? one.broken;
  const fault = { path: 'name', message: `"${name}" is the name of a check in ${first} already.` };
  const own = `${name}.${basename(one.file)}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-')
    .slice(-128);
  return { file: one.file, check: null, broken: { name: own, kind, title }, faults: [...one.faults, fault] };
}

/** Reads, parses and checks one file; never throws. */
export async function loadFile(file: string, source: VariableSource): Promise<LoadedFile> {
  const kind = kindOfFile(file) ?? 'http';
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return broken(file, kind, undefined, [{ path: '', message: `cannot be read: ${(error as Error).message}.` }]);
  }
  if (kind === 'browser') {
    const result = await loadJourney(file, source, text);
    return 'check' in result
      ? { file, check: result.check, faults: [] }
      : broken(file, kind, result.value, result.faults);
  }
  return kind === 'http'
    ? loadYaml(file, text, 'http', HttpCheckFile, (data) => httpCheckFaults(data, source))
    : loadYaml(file, text, 'expectation', ExpectationFile, expectationFaults);
}

function loadYaml<K extends 'http' | 'expectation', T>(
  file: string,
  text: string,
  kind: K,
  schema: z.ZodType<T>,
  semantics: (data: T) => UnplacedFault[],
): LoadedFile {
  const yaml = readYaml(text);
  if (yaml.faults.length > 0) return broken(file, kind, undefined, yaml.faults);
  const parsed = schema.safeParse(yaml.value);
  if (!parsed.success) return broken(file, kind, yaml.value, schemaFaults(parsed.error).map(yaml.place));
  const faults = semantics(parsed.data).map(yaml.place);
  if (faults.length > 0) return broken(file, kind, yaml.value, faults);
  return { file, check: { kind, file, ...parsed.data } as unknown as Check, faults: [] };
}

function broken(file: string, kind: BrokenCheck['kind'], value: unknown, faults: readonly Fault[]): LoadedFile {
  const said = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const name = CheckName.safeParse(said['name']).data ?? nameOfFile(file);
  const title = typeof said['title'] === 'string' && said['title'] !== '' ? said['title'] : name;
  return { file, check: null, broken: { name, title, kind }, faults };
}

function nameOfFile(file: string): string {
  const name = basename(file)
    .replace(/\.(check|expectation|journey)\.(ya?ml|ts)$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  return name === '' ? 'unnamed' : name.slice(0, 128);
}
