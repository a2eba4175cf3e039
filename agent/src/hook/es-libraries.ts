import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

interface PackageJson {
  readonly type?: string;
  readonly exports?: unknown;
}

/** Whether a program has one of `names` installed in a version that is an ES module, or comes as one. */
export function hasEsLibrary(script: string, names: readonly string[]): boolean {
  for (const directory of upwards(dirname(script))) {
    for (const name of names) {
      const found = readPackage(join(directory, 'node_modules', name));
      if (found !== undefined && isEsPackage(found)) return true;
    }
  }
  return false;
}

/** Whether a program, by its main file, is written in ES modules. */
export function isEsProgram(script: string): boolean {
  const ending = extname(script);
  if (ending === '.mjs' || ending === '.mts') return true;
  if (ending === '.cjs' || ending === '.cts') return false;
  for (const directory of upwards(dirname(script))) {
    const found = readPackage(directory);
    if (found !== undefined) return found.type === 'module';
  }
  return false;
}

function isEsPackage({ type, exports }: PackageJson): boolean {
  return type === 'module' || JSON.stringify(exports ?? '').includes('"import":');
}

function* upwards(start: string): Generator<string> {
  for (let directory = start; ; directory = dirname(directory)) {
    yield directory;
    if (directory === dirname(directory)) return;
  }
}

function readPackage(directory: string): PackageJson | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as PackageJson;
  } catch {
    return undefined;
  }
}
