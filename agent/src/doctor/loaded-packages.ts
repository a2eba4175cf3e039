import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';

/** `name@version` of every package that a CommonJS module of this process came from. */
export function loadedPackages(anyFile: string): string[] {
  const marker = `${sep}node_modules${sep}`;
  const directories = new Set<string>();
  for (const file of Object.keys(createRequire(anyFile).cache)) {
    const at = file.lastIndexOf(marker);
    if (at === -1) continue;
    const [first = '', second = ''] = file.slice(at + marker.length).split(sep);
    directories.add(join(file.slice(0, at + marker.length), first.startsWith('@') ? join(first, second) : first));
  }
  const packages = new Set<string>();
  for (const directory of directories) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name !== undefined) packages.add(`${name}@${version ?? ''}`);
    } catch {
      // Not a package after all.
    }
  }
  return [...packages].toSorted();
}
