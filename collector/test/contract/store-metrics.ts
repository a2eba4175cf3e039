import { describe, expect, it } from 'vitest';
import type * as Question from '../../src/store/question.js';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import { filter, nano, type OpenStore, ranged, signal, spanId, storeFor, T0_MS, traceId } from './store-under-test.js';

const GATE = { 'service.name': 'gate', 'service.instance.id': 'g1' };

/** Two octaves from one metre on. */
const WALKS = { scale: 0, zeroCount: 0, offset: 0, sum: 100, attributes: { hall: 'a' } };

export function describeMetrics(open: OpenStore): void {
  describe('metrics', () => {
    const store = storeFor(open, async ({ writer }) => {
      const log = new LogOfRecords(T0_MS);
      // 10 visitors a minute; the counter starts anew after the third minute.
      for (const [minute, value, since] of [
        [0, 10, 0],
        [1, 20, 0],
        [2, 30, 0],
        [3, 10, 150_000],
        [4, 20, 150_000],
      ] as const) {
        const point = { timeNano: nano(minute * 60_000 + 1000), startNano: nano(since), value };
        const exemplars = [{ timeNano: point.timeNano, value: 1, traceId: traceId(minute + 1), spanId: spanId(1) }];
        log.metrics(GATE, [
          {
            name: 'visitors',
            unit: '{person}',
            description: 'People let in',
            sum: { temporality: 2, monotonic: true, points: [{ ...point, exemplars, attributes: { door: 'east' } }] },
          },
          {
            name: 'queue',
            gauge: [
              { timeNano: point.timeNano, value: minute, attributes: { door: 'east' } },
              { timeNano: point.timeNano, value: minute * 2, attributes: { door: 'west' } },
            ],
          },
          {
            name: 'wait',
            unit: 's',
            histogram: {
              temporality: 1,
              points: [{ timeNano: point.timeNano, counts: [0, 90, 10, 0], bounds: [1, 2, 4], sum: 170 }],
            },
          },
          {
            name: 'walk',
            unit: 'm',
            exponentialHistogram: {
              temporality: 1,
              points: [
                { ...WALKS, timeNano: point.timeNano, zeroCount: 5, counts: [10, 20, 10] },
                { ...WALKS, timeNano: point.timeNano, scale: 1, offset: -2, counts: [4, 4], attributes: { hall: 'b' } },
              ],
            },
          },
        ]);
      }
      for (const service of ['gate', 'cellar', 'attic']) {
        const attributes = service === 'attic' ? { door: 'north' } : { 'otel.metric.overflow': true };
        const late = { timeNano: nano(25 * 60_000), counts: [1], bounds: [], sum: 1, attributes };
        log.metrics({ 'service.name': service }, [
          { name: 'wait', unit: 's', histogram: { temporality: 1, points: [late] } },
        ]);
      }
      for (const record of log.records) await writer.write([record], signal);
    });
    const ask = async (question: Partial<Question.Metric> & { name: string }, q = '') => {
      const asked = { ...ranged, range: { from_ms: T0_MS, to_ms: T0_MS + 5 * 60_000 } };
      const result = await store().reader.metricQuery(
        {
          ...asked,
          filter: filter(q, 'metrics'),
          aggregate: 'avg',
          group_by: [],
          step_ms: 60_000,
          limit: 20,
          ...question,
        },
        signal,
      );
      return result;
    };

    it('lists what there is, with kind, unit, services and attributes', async () => {
      const { metrics } = await store().reader.metrics(
        { ...ranged, search: '', service: '', overflow: 'include' },
        signal,
      );
      expect(metrics.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
        'queue gauge',
        'visitors sum',
        'wait histogram',
        'walk exponential_histogram',
      ]);
      expect(metrics[1]).toMatchObject({
        unit: '{person}',
        monotonic: true,
        temporality: 'cumulative',
        services: ['gate'],
        attributes: ['door'],
      });
      expect(
        (await store().reader.metrics({ ...ranged, search: 'VISIT', service: '', overflow: 'include' }, signal))
          .metrics,
      ).toHaveLength(1);
    });

    it('names the services whose series were capped, and lists only those metrics when asked', async () => {
      const asked = { ...ranged, search: '', service: '' };
      const { metrics } = await store().reader.metrics({ ...asked, overflow: 'include' }, signal);
      expect(metrics.map(({ name, capped }) => [name, capped])).toEqual([
        ['queue', []],
        ['visitors', []],
        ['wait', ['cellar', 'gate']],
        ['walk', []],
      ]);
      const only = await store().reader.metrics({ ...asked, overflow: 'only' }, signal);
      expect(only.metrics.map(({ name, services, capped }) => ({ name, services, capped }))).toEqual([
        { name: 'wait', services: ['cellar', 'gate'], capped: ['cellar', 'gate'] },
      ]);
      const cellar = await store().reader.metrics({ ...asked, service: 'cellar', overflow: 'only' }, signal);
      expect(cellar.metrics.map(({ capped }) => capped)).toEqual([['cellar']]);
      // Apart from what lacks the attribute because nobody gave it.
      const at = { from_ms: T0_MS + 25 * 60_000, to_ms: T0_MS + 26 * 60_000 };
      const { series } = await ask({
        name: 'wait',
        aggregate: 'sum',
        range: at,
        group_by: ['door', 'otel.metric.overflow'],
      });
      expect(series.map(({ key }) => key).toSorted()).toEqual([
        [null, 'true'],
        ['north', null],
      ]);
    });

    it('counts what a counter grew by over its reset', async () => {
      const { series, unit } = await ask({ name: 'visitors', aggregate: 'increase' });
      expect(unit).toBe('{person}');
      expect(series).toEqual([{ key: [], points: [10, 10, 10, 10, 10] }]);
      const [rate] = (await ask({ name: 'visitors', aggregate: 'rate' })).series;
      expect(rate?.points.map((point) => Math.round((point ?? 0) * 600))).toEqual([100, 100, 100, 100, 100]);
    });

    it('groups and filters by attributes', async () => {
      const { series } = await ask({ name: 'queue', group_by: ['door'] });
      expect(series).toEqual([
        { key: ['west'], points: [0, 2, 4, 6, 8] },
        { key: ['east'], points: [0, 1, 2, 3, 4] },
      ]);
      expect((await ask({ name: 'queue', aggregate: 'max' }, 'door:east')).series[0]?.points).toEqual([0, 1, 2, 3, 4]);
      expect((await ask({ name: 'queue' }, 'door:south')).series).toEqual([]);
    });

    it('reads quantiles from histograms', async () => {
      const [series] = (await ask({ name: 'wait', aggregate: 'p50' })).series;
      for (const point of series?.points ?? []) {
        expect(point).toBeGreaterThan(1);
        expect(point).toBeLessThanOrEqual(2);
      }
    });

    it('reads quantiles from exponential histograms, whatever their scale and offset', async () => {
      const quantile = async (aggregate: 'p50' | 'p99') => {
        const { series } = await ask({ name: 'walk', aggregate, group_by: ['hall'] });
        return Object.fromEntries(series.map(({ key, points }) => [String(key[0]), points]));
      };
      const [p50, p99] = [await quantile('p50'), await quantile('p99')];
      for (const minute of [0, 1, 2, 3, 4]) {
        // Of 45 walks the 22.5th: 5 nowhere, 10 up to 2 m, and 7.5 of the 20 up to 4 m.
        expect(p50['a']?.[minute]).toBeCloseTo(2 + (2 * 7.5) / 20, 9);
        expect(p99['a']?.[minute]).toBeCloseTo(4 + (4 * (0.99 * 45 - 35)) / 10, 9);
        // Half of what was walked in the other hall ends with the bucket from a half to its square root.
        expect(p50['b']?.[minute]).toBeCloseTo(Math.SQRT1_2, 9);
      }
      const [increase] = (await ask({ name: 'walk', aggregate: 'increase' })).series;
      expect(increase?.points).toEqual([53, 53, 53, 53, 53]);
    });

    it('names traces behind the figures', async () => {
      const { exemplars } = await ask({ name: 'visitors', aggregate: 'rate' });
      expect(exemplars.map((exemplar) => exemplar.trace_id).toSorted()).toEqual([1, 2, 3, 4, 5].map(traceId));
    });
  });
}
