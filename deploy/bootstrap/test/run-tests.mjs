import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../command.mjs';
import { root } from '../repository.mjs';

/**
 * Runs the test runner to its end and counts.
 * @param {string[]} args of vitest
 * @returns {Promise<{ passed: number, failed: number, skipped: number, skippedNames: string[] }>}
 *   `failed` is at least 1 when the runner itself was not content
 */
export async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-test-'));
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules', '.bin', 'vitest');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const { code } = await runCommand(vitest, ['run', ...reporters, ...args], { cwd: root, show: true });
    const counted = count(report);
    if (code !== 0 && counted.failed === 0) counted.failed = 1;
    return counted;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} path of vitest's JSON report */
function count(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0, skippedNames: [] };
  }
  const results = report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults);
  const skipped = results.filter((/** @type {any} */ { status }) => status !== 'passed' && status !== 'failed');
  const filesThatFailed = report.testResults.filter(
    (/** @type {any} */ file) =>
      file.status === 'failed' && !file.assertionResults.some((/** @type {any} */ { status }) => status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    // A file that does not even load has no failed test in it.
    failed: report.numFailedTests + filesThatFailed.length,
    skipped: skipped.length,
    skippedNames: skipped.map((/** @type {any} */ { fullName }) => fullName),
  };
}
