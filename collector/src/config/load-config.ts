import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigError, type ConfigFault } from './config-error.js';
import { OrreryConfig } from './schema.js';

type Tree = { [key: string]: unknown };
type Env = Readonly<Record<string, string | undefined>>;

export interface ConfigSources {
  /** Given with `--config`; without it `orrery.yaml` in `cwd`, if it is there. */
  file: string | undefined;
  env: Env;
  /** What flags say, by the keys of the configuration. */
  flags: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** A value that was said outside the file, and its text, in case a string was meant. */
interface Override {
  source: string;
  path: string[];
  text: string;
}

/**
 * File, then `ORRERY_A__B` for `a.b`, then flags; the later wins. Folders come back absolute: those in the file relative
 * to it, the others to `cwd`.
 * @throws ConfigError with every fault of every source.
 */
export function loadConfig(sources: ConfigSources): OrreryConfig {
  const faults: ConfigFault[] = [];
  const file = readFile(sources, faults);
  const overrides = [...fromEnv(sources.env, faults), ...fromFlags(sources.flags)];
  const tree = structuredClone(file.tree);
  for (const override of overrides) set(tree, override.path, scalar(override.text));

  let parsed = OrreryConfig.safeParse(tree);
  if (!parsed.success) {
    // `ORRERY_ELASTICSEARCH__PASSWORD=1234` is a text, though it looks like a number.
    for (const override of overrides)
      if (parsed.error.issues.some((issue) => wantsText(issue, override.path))) set(tree, override.path, override.text);
    parsed = OrreryConfig.safeParse(tree);
  }
  if (!parsed.success) faults.push(...schemaFaults(parsed.error, overrides, file.place));
  if (faults.length > 0 || !parsed.success) throw new ConfigError(faults);

  const said = (key: string) => (overrides.some(({ path }) => path[0] === key) ? sources.cwd : file.folder);
  const config = parsed.data;
  return {
    ...config,
    data_dir: resolve(said('data_dir'), config.data_dir),
    sagas: config.sagas.map((folder) => resolve(said('sagas'), folder)),
    elasticsearch: {
      ...config.elasticsearch,
      ca_file: config.elasticsearch.ca_file && resolve(said('elasticsearch'), config.elasticsearch.ca_file),
    },
    api: { ...config.api, ui_dir: config.api.ui_dir === '' ? '' : resolve(said('api'), config.api.ui_dir) },
    self: {
      ...config.self,
      step_trace: config.self.step_trace === '' ? '' : resolve(said('self'), config.self.step_trace),
    },
  };
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'is a folder, and must be a file',
  EACCES: 'may not be read by this user',
};

interface ConfigFile {
  tree: Tree;
  folder: string;
  place: (path: readonly PropertyKey[]) => string;
}

function readFile({ file, cwd }: ConfigSources, faults: ConfigFault[]): ConfigFile {
  const name = file ?? 'orrery.yaml';
  const path = resolve(cwd, name);
  const nothing = { tree: {}, folder: cwd, place: () => name };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || file !== undefined)
      faults.push({ source: name, path: '', message: UNREADABLE[code ?? ''] ?? message });
    return nothing;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const error of document.errors) {
    const { line } = lines.linePos(error.pos[0]);
    faults.push({ source: `${name}:${line}`, path: '', message: error.message.split(/ at line \d|\n/)[0] ?? '' });
  }
  if (document.errors.length > 0) return nothing;
  if (document.contents !== null && !isMap(document.contents)) {
    faults.push({ source: name, path: '', message: 'must hold keys and values' });
    return nothing;
  }
  return {
    tree: (document.toJS() as Tree | null) ?? {},
    folder: dirname(path),
    place: (keys) => {
      for (let length = keys.length; length > 0; length--) {
        const node = document.getIn(keys.slice(0, length), true);
        if (isNode(node) && node.range) return `${name}:${lines.linePos(node.range[0]).line}`;
      }
      return name;
    },
  };
}

/** Names with `__` are meant for us; single words may belong to other programs, unless they name one of our keys. */
function fromEnv(env: Env, faults: ConfigFault[]): Override[] {
  const overrides: Override[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('ORRERY_') || text === undefined || text === '') continue;
    const path = name.slice('ORRERY_'.length).toLowerCase().split('__');
    const known = (path[0] ?? '') in OrreryConfig.shape;
    if (known) overrides.push({ source: name, path, text });
    else if (path.length > 1) faults.push({ source: name, path: path.join('.'), message: 'there is no such key' });
  }
  return overrides.sort((a, b) => a.path.length - b.path.length);
}

function fromFlags(flags: ConfigSources['flags']): Override[] {
  return Object.entries(flags).flatMap(([key, text]) =>
    text === undefined ? [] : [{ source: `--${key.replaceAll(/[_.]/g, '-')}`, path: key.split('.'), text }],
  );
}

function set(tree: Tree, path: readonly string[], value: unknown): void {
  let target = tree;
  for (const key of path.slice(0, -1)) {
    const next = target[key];
    const isTree = typeof next === 'object' && next !== null && !Array.isArray(next);
    target = (target[key] = isTree ? next : {}) as Tree;
  }
  target[path.at(-1) ?? ''] = value;
}

/** Numbers, booleans and lists outside a YAML file are written as JSON. */
function scalar(text: string): unknown {
  if (!/^(?:-?\d+(?:\.\d+)?|true|false|\[.*\]|\{.*\})$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function wantsText(issue: z.core.$ZodIssue, path: readonly string[]): boolean {
  return issue.code === 'invalid_type' && issue.expected === 'string' && issue.path.join('.') === path.join('.');
}

function schemaFaults(error: z.ZodError, overrides: Override[], place: ConfigFile['place']): ConfigFault[] {
  return error.issues.flatMap((issue) => {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return paths.map((path) => {
      const dotted = path.join('.');
      const override = overrides.findLast((candidate) => dotted.startsWith(candidate.path.join('.')));
      const message = issue.code === 'unrecognized_keys' ? 'there is no such key' : issue.message;
      return { source: override?.source ?? place(path), path: dotted, message };
    });
  });
}
