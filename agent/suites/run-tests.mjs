import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const reporter = pathToFileURL(fileURLToPath(new URL('verdicts.mjs', import.meta.url))).href;
const register = fileURLToPath(new URL('../dist/register.cjs', import.meta.url));
const TEST_TIMEOUT_MS = 60_000;

/**
 * Runs test files with or without the agent at its defaults.
 * @param {string} folder
 * @param {string[]} files
 * @param {{ collector?: string, flags?: string[] }} options
 * @returns {Promise<Map<string, { ok: boolean, error?: string, file: string, name: string }>>} by file and name
 */
export async function runTests(folder, files, { collector, flags = [] }) {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const preload = collector
    ? { NODE_OPTIONS: `--require ${register}`, OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_SERVICE_NAME: 'suite' }
    : {};
  const child = spawn(
    process.execPath,
    [
      '--test',
      '--test-concurrency=2',
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      `--test-reporter=${reporter}`,
      ...flags,
      ...files,
    ],
    { cwd: folder, env: { ...environment, ...preload }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = once(child, 'exit');
  const verdicts = new Map();
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('{"file"')) continue;
    const { skipped, ...verdict } = JSON.parse(line);
    if (skipped) continue;
    const key = `${verdict.file} › ${verdict.name}`;
    // Of tests under one name in one file the worst counts.
    if (verdicts.get(key)?.ok !== false) verdicts.set(key, verdict);
  }
  await ended;
  return verdicts;
}
