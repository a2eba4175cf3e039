import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildFailure, build, type Plugin } from 'esbuild';
import type { BrowserCheck } from './check.js';
import { journeyFaults } from './check-semantics.js';
import { type Fault, pathText, type UnplacedFault } from './fault.js';
import { isJourney, JourneyDefinition } from './journey.js';
import { schemaFaults } from './schema-faults.js';
import type { VariableSource } from './variables.js';

/** This package for a journey, wherever its file lies. */
const ownPackage: Plugin = {
  name: 'own-package',
  setup(setup) {
    const path = new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url).href;
    setup.onResolve({ filter: /^@orrery\/synthetic$/ }, () => ({ path, external: true }));
  },
};

/** Transpiles and loads a `*.journey.ts`, with what it imports from beside it. */
export async function loadJourney(
  file: string,
  source: VariableSource,
  text: string,
): Promise<{ check: BrowserCheck } | { faults: Fault[]; value: unknown }> {
  let value: unknown;
  try {
    value = await importBundle(await bundle(file));
  } catch (error) {
    return { faults: buildFaults(error) ?? [{ path: '', message: loadSentence(error), line: 1, column: 1 }], value };
  }
  if (!isJourney(value)) {
    const message = 'The file must have "export default journey({ … }, async ({ page, step }) => { … })".';
    return { faults: [{ path: '', message, line: 1, column: 1 }], value };
  }
  const place = (fault: UnplacedFault): Fault => ({
    path: pathText(fault.path),
    message: fault.message,
    ...placeOfKey(text, fault.path),
  });
  const parsed = JourneyDefinition.safeParse(value.definition);
  if (!parsed.success) return { faults: schemaFaults(parsed.error).map(place), value: value.definition };
  const faults = journeyFaults(parsed.data, source).map(place);
  if (faults.length > 0) return { faults, value: value.definition };
  return { check: { kind: 'browser', file, body: value.body, ...parsed.data } };
}

async function bundle(file: string): Promise<string> {
  const result = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    plugins: [ownPackage],
  });
  return result.outputFiles[0]?.text ?? '';
}

/** A new file each time: Node never forgets a module it has loaded under an address. */
async function importBundle(code: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'orrery-journey-'));
  try {
    const path = join(folder, 'journey.mjs');
    await writeFile(path, code);
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return module.default;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function buildFaults(error: unknown): Fault[] | undefined {
  if (!(error instanceof Error) || !('errors' in error)) return undefined;
  return (error as BuildFailure).errors.map(({ text, location }) => ({
    path: '',
    message: `${text}.`,
    ...(location ? { line: location.line, column: location.column + 1 } : {}),
  }));
}

function loadSentence(error: unknown): string {
  return `The file cannot be loaded: ${error instanceof Error ? error.message : String(error)}.`;
}

/** A definition is code, not data; the first place where the key is written is the best that can be told. */
function placeOfKey(text: string, path: readonly PropertyKey[]): { line: number; column: number } {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line.includes('journey('));
  for (const key of path.filter((one) => typeof one === 'string').reverse()) {
    const pattern = new RegExp(`(^|[\\s{,'"])${key.replaceAll(/[^\w]/g, '\\$&')}['"]?\\s*:`);
    const index = lines.findIndex((line, at) => at >= begin && pattern.test(line));
    if (index >= 0) return { line: index + 1, column: (lines[index]?.indexOf(key) ?? 0) + 1 };
  }
  return { line: Math.max(0, begin) + 1, column: 1 };
}
