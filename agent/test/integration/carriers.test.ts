import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bothKinds } from '../sink/fixture-kinds.js';
import { observe } from '../sink/observed-run.js';

const WAYS = ['setTimeout', 'setImmediate', 'nextTick', 'timers/promises', 'an event emitter', 'a stream'];

it('keeps trace and correlation id through timers, event emitters and streams', async () => {
  for (const file of await bothKinds('otel/carriers.mjs')) {
    const run = await observe(file, ['ok'], {}, (seen) =>
      WAYS.every((way) => seen.logs.some(({ body }) => body === `through ${way}`)),
    );
    const { traceId, spanId } = run.request('ok');
    for (const way of WAYS) {
      expect(run.logs.find(({ body }) => body === `through ${way}`)).toMatchObject({
        traceId,
        spanId,
        attributes: { 'correlation.id': 'on-ok' },
      });
    }
  }
});

const CONTEXT_PROGRAM = fileURLToPath(new URL('../../dist/context.cjs', import.meta.url));

it('leaves messages between threads as they are, and carries the context where the application asks for it', async () => {
  for (const file of await bothKinds('otel/worker-messages.mjs')) {
    const run = await observe(file, ['plain', 'carried', 'port'], { env: { CONTEXT_PROGRAM } }, (seen) =>
      ['working on a', 'working on b', 'working on c'].every((line) => seen.logs.some(({ body }) => body === line)),
    );
    expect(JSON.parse(run.answers['plain'] ?? '')).toEqual({ job: 'a' });
    expect(run.logs.find(({ body }) => body === 'working on a')?.attributes).not.toHaveProperty('correlation.id');
    for (const [path, line] of [
      ['carried', 'working on b'],
      ['port', 'working on c'],
    ] as const) {
      expect(run.logs.find(({ body }) => body === line)).toMatchObject({
        traceId: run.request(path).traceId,
        attributes: { 'correlation.id': `on-${path}` },
      });
    }
  }
});
