import { describe, expect, it } from 'vitest';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import type { SpanGiven } from '../fixtures/otlp-encoder.js';
import { nano, type OpenStore, ranged, signal, spanId, storeFor, T0_MS, traceId } from './store-under-test.js';

const CAPS = { sagas: 4, facts: 7, factsOfOne: 3 };
const EARLIER_MS = -5 * 3_600_000;
let spans = 0;

function step(saga: string, atMs: number, name: string): SpanGiven {
  spans++;
  return {
    traceId: traceId(spans),
    spanId: spanId(spans),
    name,
    startNano: nano(atMs),
    endNano: nano(atMs),
    attributes: {
      'saga.id': saga,
      'saga.name': 'apple-harvest',
      'saga.step.name': name,
      'saga.step.kind': 'action',
      'saga.step.outcome': 'succeeded',
    },
  };
}

/** What a store reads of more sagas, or more facts, than one answer takes: the same part, whichever store it is. */
export function describeSagaCaps(open: OpenStore): void {
  describe('of more that was said about sagas than is read', () => {
    const store = storeFor(
      (options) => open({ ...options, sagaCaps: CAPS }),
      async ({ writer }) => {
        const log = new LogOfRecords(T0_MS);
        const orchard = { 'service.name': 'orchard' };
        log.spans(orchard, [step('e', 2000, 'pick'), step('d', 3000, 'sort'), step('c', 8000, 'wash')]);
        log.spans(orchard, [step('d', 4000, 'pack'), step('d', 5000, 'seal'), step('d', 1000, 'pick')]);
        log.spans(orchard, [step('a', 9000, 'pick'), step('c', 7000, 'pick'), step('d', 4000, 'weigh')]);
        log.spans(orchard, [step('b', 8500, 'pick'), step('d', 6000, 'ship')]);
        for (const [at, saga] of ['r', 's', 't', 'u', 'v'].entries())
          log.spans(orchard, [step(saga, EARLIER_MS + at * 1000, 'pick')]);
        for (const record of log.records) await writer.write([record], signal);
      },
    );
    const listed = async (fromMs: number, toMs: number) => {
      const { sagas, sampled } = await store().reader.sagas(
        {
          ...ranged,
          range: { from_ms: T0_MS + fromMs, to_ms: T0_MS + toMs },
          name: '',
          state: '',
          search: '',
          synthetic: 'include',
          sort: 'updated',
          order: 'desc',
          limit: 100,
        },
        signal,
      );
      return { ids: sagas.map(({ saga_id }) => saga_id), sampled, sagas };
    };

    it('one saga is told by its newest facts, all or none of a moment', async () => {
      const saga = await store().reader.saga('d', signal);
      expect(saga?.truncated).toBe(true);
      // The third would be one of two that began at once.
      expect(saga?.attempts.map(({ step: name }) => name)).toEqual(['seal', 'ship']);
      expect(saga?.summary.started).toBe(nano(5000).toString());
      const small = await store().reader.saga('c', signal);
      expect(small?.truncated).toBe(false);
      expect(small?.attempts).toHaveLength(2);
    });

    it('a list has the sagas that changed last, for as long as their facts fit, and says that there are more', async () => {
      const { ids, sampled, sagas } = await listed(-1000, 60_000);
      expect(ids).toEqual(['a', 'b', 'c', 'd']);
      expect(sampled).toBe(true);
      expect(sagas.at(-1)?.steps.map(({ name }) => name)).toEqual(['seal', 'ship']);
    });

    it('facts of other times take no place from those that are asked for', async () => {
      expect(await listed(-1000, 5500)).toMatchObject({ ids: ['e'], sampled: true });
      expect(await listed(6500, 60_000)).toMatchObject({ ids: ['a', 'b', 'c'] });
    });

    it('no more sagas are folded than the cap says, the newest', async () => {
      const to = EARLIER_MS + 60_000;
      expect(await listed(EARLIER_MS - 1000, to)).toMatchObject({ ids: ['v', 'u', 't', 's'], sampled: true });
      expect(await listed(EARLIER_MS - 1000, EARLIER_MS + 3500)).toMatchObject({
        ids: ['u', 't', 's', 'r'],
        sampled: false,
      });
    });
  });
}
