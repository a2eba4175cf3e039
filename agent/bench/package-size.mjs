import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What `npm pack` would make of the built package, in one line. */
export function packageSize() {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--loglevel=silent'], { cwd, encoding: 'utf8' });
  const [{ size, unpackedSize, entryCount }] = JSON.parse(answer);
  return `packed ${Math.round(size / 1024)} KiB, unpacked ${Math.round(unpackedSize / 1024)} KiB, ${entryCount} files`;
}
