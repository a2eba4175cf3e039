import { describe, expect, it } from 'vitest';
import type * as Question from '../../src/store/question.js';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import type { SpanGiven } from '../fixtures/otlp-encoder.js';
import { filter, nano, type OpenStore, ranged, signal, spanId, storeFor, T0_MS, traceId } from './store-under-test.js';

/** 60 spans, one a second; span n takes n ms on shelf n % 3 and weighs n / 2. */
function spans(): SpanGiven[] {
  return Array.from({ length: 60 }, (_, at) => {
    const n = at + 1;
    return {
      traceId: traceId(n),
      spanId: spanId(n),
      name: 'fetch',
      kind: 2,
      startNano: nano(at * 1000),
      endNano: nano(at * 1000 + n),
      status: n % 6 === 0 ? 2 : 0,
      attributes: n % 3 === 0 ? { weight: n / 2 } : { shelf: `S${n % 3}`, weight: n / 2 },
    };
  });
}

export function describeAggregates(open: OpenStore): void {
  describe('aggregates and fields', () => {
    const store = storeFor(open, async ({ writer }) => {
      await writer.write(
        new LogOfRecords(T0_MS).spans({ 'service.name': 'stacks', site: 'north' }, spans()).records,
        signal,
      );
    });
    const ask = (question: Partial<Question.Aggregate>, q = '') =>
      store().reader.aggregate(
        {
          ...ranged,
          signal: 'spans',
          filter: filter(q, 'spans'),
          synthetic: 'include',
          measures: [{ op: 'count' }],
          group_by: [],
          step_ms: 0,
          limit: 50,
          ...question,
        },
        signal,
      );

    it('measures numbers exactly, and quantiles within 4.5 %', async () => {
      const { groups } = await ask({
        measures: [
          { op: 'count' },
          { op: 'sum', field: 'weight' },
          { op: 'avg', field: 'duration' },
          { op: 'min', field: 'duration' },
          { op: 'max', field: 'duration' },
        ],
      });
      expect(groups).toEqual([{ key: [], values: [60, 915, 30.5, 1, 60], series: [] }]);
      const quantile = await ask({
        measures: [
          { op: 'quantile', field: 'duration', quantile: 0.9 },
          { op: 'distinct', field: 'shelf' },
        ],
      });
      expect(Math.abs((quantile.groups[0]?.values[0] ?? 0) / 54 - 1)).toBeLessThan(0.0455);
      expect(quantile.groups[0]?.values[1]).toBe(2);
    });

    it('groups by any field, the missing one as null, largest first, and says when it cut', async () => {
      const { groups, truncated } = await ask({ group_by: ['shelf', 'status'] });
      expect(groups.map(({ key, values }) => [...key, values[0]])).toEqual([
        ['S1', 'unset', 20],
        ['S2', 'unset', 20],
        [null, 'error', 10],
        [null, 'unset', 10],
      ]);
      expect(truncated).toBe(false);
      expect((await ask({ group_by: ['shelf'], limit: 1 })).truncated).toBe(true);
    });

    it('gives a series for each group', async () => {
      const { groups, t0_ms, step_ms } = await ask({ group_by: ['shelf'], step_ms: 30_000 }, 'shelf:*');
      expect(step_ms).toBe(30_000);
      const at = (T0_MS - t0_ms) / step_ms;
      expect(groups.map((group) => group.series[0]?.slice(at, at + 3))).toEqual([
        [10, 10, 0],
        [10, 10, 0],
      ]);
    });

    it('lists columns and attributes with their types, and values by prefix', async () => {
      const { fields } = await store().reader.fields({ ...ranged, signal: 'spans', filter: { kind: 'all' } }, signal);
      const known = Object.fromEntries(fields.map(({ name, type, source }) => [name, `${type} ${source}`]));
      expect(known).toMatchObject({
        duration: 'number field',
        weight: 'number attribute',
        shelf: 'string attribute',
        site: 'string resource',
      });
      const asked = { ...ranged, signal: 'spans' as const, filter: filter('duration>20', 'spans'), limit: 10 };
      const values = await store().reader.fieldValues({ ...asked, field: 'shelf', prefix: 'S' }, signal);
      expect(values.values.toSorted((a, b) => (a.value < b.value ? -1 : 1))).toEqual([
        { value: 'S1', count: 13 },
        { value: 'S2', count: 13 },
      ]);
      const services = await store().reader.fieldValues({ ...asked, field: 'service', prefix: '' }, signal);
      expect(services.values).toEqual([{ value: 'stacks', count: 40 }]);
    });
  });
}
