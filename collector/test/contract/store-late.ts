import { describe, expect, it } from 'vitest';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import { nano, type OpenStore, ranged, signal, spanId, storeFor, T0_MS, traceId } from './store-under-test.js';

const HOUR_MS = 3_600_000;
const APIARY = { 'service.name': 'apiary' };
/** All of it was received at once; slices, which follow receipt, are shorter than these distances on every store. */
const HAPPENED = [
  ['when it was received', 0],
  ['hours before', -7 * HOUR_MS],
  ['days before', -50 * HOUR_MS],
  ['in the future', 49 * HOUR_MS],
] as const;

/** What is told late, or by a clock that is ahead, is found when it happened. */
export function describeLateData(open: OpenStore): void {
  describe('late data, and data of the future', () => {
    const store = storeFor(open, async ({ writer }) => {
      const log = new LogOfRecords(T0_MS);
      for (const [at, [, offsetMs]] of HAPPENED.entries()) {
        const times = { startNano: nano(offsetMs), endNano: nano(offsetMs + 20) };
        const ids = { traceId: traceId(at + 1), spanId: spanId(at + 1) };
        log.spans(APIARY, [{ ...ids, name: 'GET /hive', kind: 2, ...times }]);
        log.logs(APIARY, [{ ...ids, timeNano: nano(offsetMs), body: `swarm ${at}` }]);
        log.metrics(APIARY, [{ name: 'bees', gauge: [{ timeNano: nano(offsetMs), value: at + 1 }] }]);
      }
      await writer.write(log.records, signal);
    });

    it.each(HAPPENED)('is found at its own time: %s', async (_, offsetMs) => {
      const at = HAPPENED.findIndex(([, offset]) => offset === offsetMs);
      const range = { from_ms: T0_MS + offsetMs - 60_000, to_ms: T0_MS + offsetMs + 60_000 };
      const asked = { ...ranged, range, filter: { kind: 'all' as const }, synthetic: 'include' as const };
      const { reader } = store();
      const { traces } = await reader.traces({ ...asked, sort: 'start', order: 'desc', limit: 10 }, signal);
      expect(traces.map(({ trace_id }) => trace_id)).toEqual([traceId(at + 1)]);
      expect((await reader.traceHistogram(asked, signal)).total).toBe(1);
      const { logs } = await reader.logs({ ...asked, order: 'desc', limit: 10 }, signal);
      expect(logs.map(({ body }) => body)).toEqual([`swarm ${at}`]);
      const { services } = await reader.services(asked, signal);
      expect(services.map(({ requests }) => requests)).toEqual([1]);
      const metric = { ...asked, name: 'bees', group_by: [], aggregate: 'max' as const, step_ms: 60_000, limit: 9 };
      const { series } = await reader.metricQuery(metric, signal);
      expect(series.flatMap(({ points }) => points).filter((value) => value !== null)).toEqual([at + 1]);
      const trace = await reader.trace(traceId(at + 1), signal);
      expect(trace?.columns.span_id).toHaveLength(1);
    });
  });
}
