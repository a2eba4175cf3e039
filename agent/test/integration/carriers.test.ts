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
