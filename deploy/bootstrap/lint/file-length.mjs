import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.mjs';
import { root } from '../repository.mjs';

const mostLines = 400;
const counted = /\.(ts|tsx|cts|mts|js|mjs|cjs|css)$/;
const exempt = /(^|\/)(generated|fixtures|dist)\//;

/**
 * Files of code, known to git or about to be, that are too long to be read in one go.
 * @returns {Promise<{ path: string, lines: number }[]>}
 */
export async function tooLongFiles() {
  const { output } = await runCommand('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const paths = output.split('\n').filter((path) => counted.test(path) && !exempt.test(path));
  return paths.map((path) => ({ path, lines: countLines(join(root, path)) })).filter(({ lines }) => lines > mostLines);
}

/** @param {string} path */
function countLines(path) {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').length;
  } catch {
    // Deleted, but still known to git.
    return 0;
  }
}
