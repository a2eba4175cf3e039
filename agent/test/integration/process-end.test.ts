import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODES, nodeProgram } from '../../matrix/nodes.js';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { type RunningApp, type RunOptions, runApp } from '../sink/run-app.js';

const ENDS = [
  'natural',
  'exit',
  'throw',
  'reject',
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'own-handler',
  'once-handler',
  'graceful',
  'late-work',
];
/** Runs a program as the first of a PID namespace, as containers do; not everybody may. */
const UNSHARE = ['unshare', '--pid', '--fork', '--mount-proc'];
const canUnshare = spawnSync('unshare', [...UNSHARE.slice(1), 'true']).status === 0;
/** Long enough that nothing is sent before the end. */
const LATE = { OTEL_BSP_SCHEDULE_DELAY: '600000' };

describe('the end of a process', () => {
  let sink: OtlpSink;

  beforeAll(async () => {
    sink = await startSink();
  });

  afterAll(async () => sink.close());

  it.each(ENDS)('loses nothing and looks as without the agent: %s', async (how) => {
    const service = `ends-${how}`;
    const plain = await endOf(how, {});
    const observed = await endOf(how, { collector: sink.url, env: { ...LATE, OTEL_SERVICE_NAME: service } });
    const ours = sink.spans.filter(({ resource }) => resource['service.name'] === service);

    expect(observed).toEqual(plain);
    expect(ours.filter(({ kind }) => kind === 'server')).toHaveLength(20);
    expect(ours.filter(({ kind }) => kind === 'client')).toHaveLength(20);
    expect(ours.filter(({ name }) => name === 'in exit')).toHaveLength(how === 'late-work' ? 1 : 0);
  });

  it.each(NODES)('dies of a signal although the program is stuck in an endless loop: Node %s', async (major) => {
    const node = nodeProgram(major);
    if (node === undefined) throw new Error(`there is no Node ${major} in node_modules`);
    const [plain, observed] = await Promise.all(
      [{}, { collector: sink.url, env: { OTEL_SERVICE_NAME: 'endless' } }].map(async (options) => {
        const app = runApp('ends.cjs', { ...options, node, programArguments: ['endless'] });
        app.process.stdout?.once('data', () => app.process.kill('SIGTERM'));
        return { ...(await app.ended), ...app.output() };
      }),
    );
    expect(plain).toMatchObject({ signal: 'SIGTERM', stdout: 'stuck\n' });
    expect(observed).toEqual(plain);
  });

  it.each(NODES)('looks the same under the strictest flags: Node %s', async (major) => {
    const node = nodeProgram(major);
    if (node === undefined) throw new Error(`there is no Node ${major} in node_modules`);
    const service = `strict-${major}`;
    const strict: RunOptions = {
      node,
      nodeArguments: ['--pending-deprecation', '--throw-deprecation', '--frozen-intrinsics', '--disable-proto=throw'],
    };
    // The export worker is up, and watches for signals, before the program ends.
    const env = { OTEL_SERVICE_NAME: service };
    const observed = await endOf('watched', { ...strict, collector: sink.url, env });
    expect(observed).toEqual(await endOf('watched', strict));
    expect(observed).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(
      sink.spans.filter(({ resource, kind }) => resource['service.name'] === service && kind === 'server'),
    ).toHaveLength(20);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'loses nothing when %s comes twice, from a terminal and from npm',
    async (signal) => {
      const service = `twice-${signal}`;
      const app = runApp('ends.cjs', {
        collector: sink.url,
        env: { ...LATE, OTEL_SERVICE_NAME: service },
        programArguments: ['lasting'],
      });
      app.process.stdout?.once('data', () => {
        for (let time = 0; time < 2; time++) app.process.kill(signal);
      });
      expect(await app.ended).toEqual({ code: null, signal });
      expect(app.output().stderr).toBe('');
      expect(
        sink.spans.filter(({ resource, kind }) => resource['service.name'] === service && kind === 'server'),
      ).toHaveLength(20);
    },
  );

  it('dies at once of a signal that is sent again while it waits for a collector that never answers', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const app = runApp('ends.cjs', {
      collector: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      env: { ...LATE, ORRERY_EXIT_TIMEOUT: '600000' },
      programArguments: ['lasting'],
    });
    app.process.stdout?.once('data', () => app.process.kill('SIGTERM'));
    await new Promise((resolve) => silent.once('request', resolve));
    const again = setInterval(() => app.process.kill('SIGTERM'), 200);
    expect(await app.ended).toEqual({ code: null, signal: 'SIGTERM' });
    clearInterval(again);
    expect(app.output().stderr).toBe('');
    silent.closeAllConnections();
    silent.close();
  });

  describe.skipIf(!canUnshare)('of the first process of a container', () => {
    it('does not come by a signal that it has no handler for, with the agent as without; what is there is sent', async () => {
      const service = 'first';
      const served = (): number =>
        sink.spans.filter(({ resource, kind }) => resource['service.name'] === service && kind === 'server').length;
      const endOfFirst = async (options: RunOptions, meanwhile: () => Promise<void>): Promise<unknown> => {
        const { app, pid } = await firstProcess(['lasting'], options);
        process.kill(pid, 'SIGTERM');
        await meanwhile();
        process.kill(pid, 'SIGINT');
        process.kill(pid, 'SIGKILL');
        return { ...(await app.ended), ...app.output() };
      };
      const plain = await endOfFirst({}, async () => undefined);
      const env = { ...LATE, OTEL_SERVICE_NAME: service };
      const observed = await endOfFirst({ collector: sink.url, env }, () => sink.until(() => served() === 20, 'spans'));
      expect(plain).toMatchObject({ stdout: 'lasting as 1\n' });
      expect(observed).toEqual(plain);
    });

    it('comes by its handler, and loses nothing', async () => {
      const service = 'first-handled';
      for (const options of [{}, { collector: sink.url, env: { ...LATE, OTEL_SERVICE_NAME: service } }]) {
        const first = await firstProcess(['lasting', 'handled'], options);
        process.kill(first.pid, 'SIGTERM');
        expect(await first.app.ended).toEqual({ code: 7, signal: null });
        expect(first.app.output()).toEqual({ stdout: 'lasting as 1\n', stderr: '' });
      }
      const served = sink.spans.filter(
        ({ resource, kind }) => resource['service.name'] === service && kind === 'server',
      );
      expect(served).toHaveLength(20);
    });
  });

  it('loses nothing of programs that are over at once', async () => {
    const service = 'short';
    const run = async (options: RunOptions) => {
      const app = runApp('short.cjs', options);
      return { ...(await app.ended), ...app.output() };
    };
    const plain = await run({});
    expect(await run({ collector: sink.url, env: { OTEL_SERVICE_NAME: service } })).toEqual(plain);
    expect(sink.spans.filter(({ resource }) => resource['service.name'] === service)).toHaveLength(20);
    expect(sink.logs.filter(({ resource }) => resource['service.name'] === service)).toHaveLength(20);
  });

  it('loses nothing when a cluster replaces its workers one after the other', async () => {
    const service = 'rolling';
    const plain = await clusterOf({});
    const observed = await clusterOf({ collector: sink.url, env: { ...LATE, OTEL_SERVICE_NAME: service } });
    expect(observed).toEqual(plain);
    const served = sink.spans.filter(
      ({ resource, kind, attributes }) =>
        resource['service.name'] === service && kind === 'server' && attributes['url.path'] === '/',
    );
    expect(served).toHaveLength(20);
  });

  it('tells of a crash: the request it happened in, and a fatal record', async () => {
    const observed = await endOf('crash', { collector: sink.url, env: { ...LATE, OTEL_SERVICE_NAME: 'crash' } });
    const [span] = sink.spans.filter(({ attributes }) => attributes['url.path'] === '/crash');
    const [record] = sink.logs.filter(({ resource }) => resource['service.name'] === 'crash');

    expect(observed).toEqual(await endOf('crash', {}));
    expect(span).toMatchObject({
      kind: 'server',
      status: { code: 2 },
      attributes: { 'error.type': 'process_ended' },
      events: [
        {
          name: 'exception',
          attributes: { 'exception.type': 'RangeError', 'exception.message': 'thrown while serving' },
        },
      ],
    });
    expect(record).toMatchObject({
      severityText: 'FATAL',
      body: 'RangeError: thrown while serving',
      traceId: span?.traceId,
      spanId: span?.spanId,
      attributes: { 'exception.type': 'RangeError', 'correlation.id': span?.attributes['correlation.id'] },
    });
  });

  it('does not wait for a collector that is not there', async () => {
    const observed = await endOf('exit', { collector: 'http://127.0.0.1:21198', env: LATE });
    expect(observed).toEqual(await endOf('exit', {}));
  });

  it('waits no longer than it may for a collector that never answers', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(21_197, '127.0.0.1', resolve));
    const observed = await endOf('exit', {
      collector: 'http://127.0.0.1:21197',
      env: { ...LATE, ORRERY_EXIT_TIMEOUT: '200' },
    });
    silent.closeAllConnections();
    silent.close();
    expect(observed).toEqual(await endOf('exit', {}));
  });
});

/** `ends.cjs` as process 1 of a PID namespace, serving; its number outside of that. */
async function firstProcess(
  programArguments: readonly string[],
  options: RunOptions,
): Promise<{ readonly app: RunningApp; readonly pid: number }> {
  const app = runApp('ends.cjs', { ...options, programArguments, under: UNSHARE });
  await new Promise((resolve) => app.process.stdout?.once('data', resolve));
  const children = readFileSync(`/proc/${app.process.pid}/task/${app.process.pid}/children`, 'utf8');
  return { app, pid: Number(children.trim()) };
}

/** How a cluster ended, and how each of its workers did. */
async function clusterOf(options: RunOptions): Promise<unknown> {
  const app = runApp('rolling.cjs', options);
  return { ...(await app.ended), ...app.output() };
}

async function endOf(how: string, options: RunOptions): Promise<unknown> {
  const app = runApp('ends.cjs', { ...options, programArguments: [how] });
  const { code, signal } = await app.ended;
  const { stdout, stderr } = app.output();
  // A frame of Node's own: it is there below Node 24 wherever an AsyncLocalStorage is in use.
  return {
    code,
    signal,
    stdout,
    stderr: stderr.replace(/^ +at process\.callbackTrampoline .*\n/m, '').replace(/\(node:\d+\)/g, ''),
  };
}
