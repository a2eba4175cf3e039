import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface ApplicationPackage {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

/** The nearest package.json with a name, from the main script (or the working directory) upwards. */
export function applicationPackage(script: string | undefined, workingDirectory: string): ApplicationPackage {
  let directory = script === undefined ? workingDirectory : dirname(script);
  for (;;) {
    const found = readPackage(join(directory, 'package.json'));
    if (found?.name !== undefined) return found;
    const parent = dirname(directory);
    if (parent === directory) return { name: undefined, version: undefined };
    directory = parent;
  }
}

function readPackage(file: string): ApplicationPackage | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    return {
      name: typeof name === 'string' && name !== '' ? name : undefined,
      version: typeof version === 'string' ? version : undefined,
    };
  } catch {
    return undefined;
  }
}
