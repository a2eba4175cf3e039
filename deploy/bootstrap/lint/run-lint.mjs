import { join } from 'node:path';
import { runCommand } from '../command.mjs';
import { root } from '../repository.mjs';
import { tooLongFiles } from './file-length.mjs';

/** @typedef {{ ok: boolean, output: string }} Verdict */

/**
 * @param {string} name of a program that the repository has installed
 * @param {string[]} args
 * @returns {Promise<Verdict>}
 */
async function tool(name, args) {
  const { code, output } = await runCommand(join(root, 'node_modules', '.bin', name), args, { cwd: root });
  return { ok: code === 0, output };
}

/** @returns {Promise<Verdict>} */
async function checkBoundaries() {
  const folders = ['agent/src', 'collector/src', 'dashboard/src', 'synthetic/src', 'deploy/bootstrap', 'deploy/demo'];
  const verdict = await tool('depcruise', ['--output-type', 'err', ...folders]);
  // A compiler it cannot work with makes it read nothing and find nothing wrong.
  const read = Number(/\((\d+) modules/.exec(verdict.output)?.[1] ?? 0);
  if (verdict.ok && read === 0) return { ok: false, output: `${verdict.output}\nIt has read no module at all.` };
  return verdict;
}

/** @returns {Promise<Verdict>} */
async function checkLengths() {
  const found = await tooLongFiles();
  return { ok: found.length === 0, output: found.map(({ path, lines }) => `${path}: ${lines} lines`).join('\n') };
}

/** @type {{ what: string, check: () => Promise<Verdict> }[]} */
const checks = [
  { what: 'format and order of imports (biome)', check: () => tool('biome', ['check']) },
  { what: 'lint (oxlint)', check: () => tool('oxlint', ['--type-aware', '--quiet']) },
  {
    what: 'types of the packages (tsc)',
    check: () => tool('tsc', ['-b', 'agent', 'collector', 'synthetic', 'dashboard']),
  },
  { what: 'types of the scripts and the demo (tsc)', check: () => tool('tsc', ['-p', 'deploy']) },
  { what: 'boundaries between folders (dependency-cruiser)', check: checkBoundaries },
  { what: 'dead code (knip)', check: () => tool('knip', ['--no-progress']) },
  { what: 'length of files', check: checkLengths },
];

/**
 * Runs every check, tells about each, and goes on after a failed one so that all faults are seen together.
 * @returns {Promise<number>} how many failed
 */
export async function runLint() {
  let failed = 0;
  for (const { what, check } of checks) {
    const { ok, output } = await check();
    console.log(`  ${ok ? 'ok    ' : 'FAILED'} ${what}`);
    if (ok) continue;
    failed++;
    console.log(output.trim());
  }
  return failed;
}
