import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { type RunOptions, runApp } from '../sink/run-app.js';

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

async function endOf(how: string, options: RunOptions): Promise<unknown> {
  const app = runApp('ends.cjs', { ...options, programArguments: [how] });
  const { code, signal } = await app.ended;
  const { stdout, stderr } = app.output();
  // A frame of Node's own: it is there below Node 24 wherever an AsyncLocalStorage is in use.
  return { code, signal, stdout, stderr: stderr.replace(/^ +at process\.callbackTrampoline .*\n/m, '') };
}
