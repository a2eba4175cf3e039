import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { runApp, runNode } from '../sink/run-app.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const behaviour = fileURLToPath(new URL('../behaviour/', import.meta.url));
const register = fileURLToPath(new URL('../../dist/register.cjs', import.meta.url));

let sink: OtlpSink;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(() => sink.close());

// Each program looks at a library from outside, in every way applications do, and prints what it saw.
it.each(['node', 'express', 'koa', 'undici', 'opossum', 'mocks', 'shapes'])(
  'everything an application can see of %s is as without the agent',
  async (library) => {
    const service = `behaviour-${library}`;
    const [plain, observed] = await Promise.all([
      seenBy(library, {}),
      seenBy(library, { collector: sink.url, env: { OTEL_SERVICE_NAME: service } }),
    ]);
    expect(observed).toEqual(plain);
    expect(plain.seen.length).toBeGreaterThan(3);
    // An agent that is off would pass everything.
    expect(sink.spans.some(({ resource }) => resource['service.name'] === service)).toBe(true);
  },
);

async function seenBy(library: string, options: Parameters<typeof runNode>[1]) {
  const app = runNode([join(behaviour, `${library}.cjs`)], options);
  const { code, signal } = await app.ended;
  const { stdout, stderr } = app.output();
  const seen = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  return { code, signal, stderr, seen };
}

it('whatever an application throws, rejects with or prints, it is as without the agent', async () => {
  const [plain, observed] = await Promise.all(
    [{}, { collector: sink.url, env: { OTEL_SERVICE_NAME: 'hostile' } }].map(async (options) => {
      const app = runApp('hostile.cjs', options);
      const end = await app.ended;
      const { stdout, stderr } = app.output();
      return { ...end, stdout, stderr: stderr.replace(/\(node:\d+\)/g, '') };
    }),
  );
  const ours = /^orrery: [^\n]*\n/gm;
  expect({ ...observed, stderr: observed?.stderr.replace(ours, '') }).toEqual(plain);
  expect(plain?.stdout).toContain('/breaker 200');
  const seen = sink.spans.filter(({ resource, kind }) => resource['service.name'] === 'hostile' && kind === 'server');
  expect(seen.map(({ attributes }) => attributes['url.path']).sort()).toEqual([
    '/breaker',
    '/nothing',
    '/null',
    '/shy',
  ]);
});

const RUNNERS = {
  jest: [
    join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js'),
    '--json',
    '--rootDir',
    behaviour,
    '--testMatch',
    '**/runner.test.cjs',
    '--watchman=false',
  ],
  vitest: [
    join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs'),
    'run',
    '--root',
    behaviour,
    '--reporter=json',
  ],
};

it.each(Object.entries(RUNNERS))('tests run by %s end as without the agent', async (runner, args) => {
  const verdicts = async (env: Record<string, string>) => {
    const { VITEST: _, VITEST_WORKER_ID: __, NODE_ENV: ___, ...own } = process.env;
    const { stdout } = await run(process.execPath, args, { env: { ...own, ...env } }).catch(
      (failed: { stdout: string }) => failed,
    );
    const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      testResults: { assertionResults: { title: string; status: string }[] }[];
    };
    return testResults.flatMap(({ assertionResults }) => assertionResults.map(({ title, status }) => [title, status]));
  };
  const service = `runner-${runner}`;
  const observed = await verdicts({
    NODE_OPTIONS: `--require ${register}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_SERVICE_NAME: service,
  });
  expect(observed).toEqual([
    ['a server and a client meet', 'passed'],
    ['a failing expectation fails', 'failed'],
  ]);
  expect(observed).toEqual(await verdicts({}));
});
