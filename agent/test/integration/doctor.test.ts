import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../dist/orrery-agent.cjs', import.meta.url));
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

let sink: OtlpSink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

async function doctor(args: readonly string[], env: Record<string, string> = {}) {
  return run(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'] ?? '', OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, ...env },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

it('tells what is observed in a healthy application, and that the collector answers', async () => {
  const { code, stdout, stderr } = await doctor(['doctor', '--seconds', '2', fixture('express.cjs')]);
  expect(stdout).toMatch(/✓ http:\S+\/v1\/traces: status 200 after \d+ ms/);
  expect(stdout).toMatch(/✓ express 5\.\d+\.\d+ +observed/);
  expect(stdout).toContain('All is well.');
  // The application's own output is not mixed into the report.
  expect(stderr).toMatch(/^listening \d+$/m);
  expect(code).toBe(0);
});

it('ends with 1 and says what to do when nobody listens where telemetry goes', async () => {
  const { code, stdout } = await doctor(['doctor', '--seconds', '1', fixture('express.cjs')], {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  });
  expect(stdout).toContain('nobody listens there; start the collector or set OTEL_EXPORTER_OTLP_ENDPOINT');
  expect(code).toBe(1);
});

it('names what is switched off, options that cannot be used, and how a program ended by itself', async () => {
  const { code, stdout } = await doctor(['doctor', '--json', fixture('ends.cjs'), 'exit'], {
    OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'express',
    OTEL_EXPORTER_OTLP_TIMEOUT: 'soon',
  });
  const found = JSON.parse(stdout) as {
    libraries: unknown[];
    warnings: string[];
    ended: unknown;
    sent: { traces: number };
  };
  expect(found.libraries).toContainEqual({
    name: 'express',
    version: '',
    state: 'switched off',
    reason: 'OTEL_NODE_DISABLED_INSTRUMENTATIONS',
  });
  expect(found.warnings).toEqual(['OTEL_EXPORTER_OTLP_TIMEOUT must be a whole number, not negative; using 10000']);
  expect(found.ended).toEqual({ code: 3, signal: null });
  // It is over at once, and what was sent at its very end counts.
  expect(found.sent.traces).toBe(40);
  expect(code).toBe(1);
});

it('explains itself', async () => {
  expect(await doctor(['--help'])).toMatchObject({ code: 0 });
  const misunderstood = await doctor(['docter']);
  expect(misunderstood).toMatchObject({ code: 2 });
  expect(misunderstood.stderr).toContain('there is no command "docter"');
});

it('says how complete correlation is, what is missing and why', async () => {
  const args = [program, 'doctor', '--seconds', '4', '--json', fixture('half-correlated.cjs')];
  const running = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
  });
  let [stdout, stderr] = ['', ''];
  running.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  const ended = once(running, 'close');
  const port = await new Promise<string>((resolve) =>
    running.stderr.on('data', (part: Buffer) => {
      stderr += part.toString();
      const found = /listening (\d+)/.exec(stderr)?.[1];
      if (found !== undefined) resolve(found);
    }),
  );
  for (const path of ['beds/7', 'beds/8', 'no/such']) await (await fetch(`http://127.0.0.1:${port}/${path}`)).text();
  await ended;
  const { completeness } = JSON.parse(stdout) as { completeness: unknown };
  // Two requests with a route (404 is none), four lines of which two are written by a queue of the application's own.
  expect(completeness).toMatchObject({
    percent: 66,
    parts: [
      { what: 'requests with a route', good: 2, of: 2 },
      { what: 'log lines of pino with ids', good: 2, of: 4, missing: expect.stringContaining('AsyncResource.bind') },
    ],
  });
});
