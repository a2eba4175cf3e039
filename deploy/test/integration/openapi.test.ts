import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { providePython } from '../../bootstrap/python.mjs';
import { type RunningCollector, startCollector } from './running-collector.js';
import { eventually } from './running-shop.js';

const clinic = fileURLToPath(new URL('../fixtures/clinic/clinic.py', import.meta.url));
/** Nothing random between two runs. */
const SEED = '20261121';
const CHECKS = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance';

let python = '';
const cannot = await providePython().then(
  (found) => {
    python = found;
    return '';
  },
  (error: Error) => error.message,
);
let collector: RunningCollector;
let folder: string;

function output(args: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(python, args, { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, text: stdout + stderr }),
    );
  });
}

beforeAll(async () => {
  if (cannot) return;
  folder = await mkdtemp(join(tmpdir(), 'orrery-openapi-'));
  collector = await startCollector();
  await output([clinic, collector.otlp, '6']);
  await eventually(
    () => collector.get<{ sagas: object[] }>('/sagas?from=now-15m&to=now'),
    ({ sagas }) => sagas.length >= 6,
  );
});

afterAll(async () => {
  await collector?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test.skipIf(cannot)(
  `answers whatever its description allows, as it describes it${cannot && `: ${cannot}`}`,
  async () => {
    const { code, text } = await output([
      '-m',
      'schemathesis.cli',
      'run',
      `${collector.ui}/openapi.json`,
      ...[
        '--seed',
        SEED,
        '--max-examples',
        '6',
        '--phases',
        'coverage,fuzzing',
        '--checks',
        CHECKS,
        '--generation-database',
        'none',
      ],
      // It goes on for as long as its reader does.
      ...['--exclude-path-regex', '/logs/tail$', '--request-timeout', '15', '--no-color'],
    ]);
    const told = text.split('\n').map((line) => line.slice(0, 500));
    expect({ code, told: code === 0 ? [] : told.slice(-200) }).toEqual({ code: 0, told: [] });
  },
  180_000,
);
