import { describe, expect, it } from 'vitest';
import { LogOfRecords } from '../fixtures/log-of-records.js';
import type { Values } from '../fixtures/otlp-encoder.js';
import { filter, nano, type OpenStore, ranged, signal, storeFor, T0_MS, traceId } from './store-under-test.js';

const HOSTILE = [
  `it's "quoted"`,
  '100% _sure_',
  'naïve Ünïcode 🎈',
  '<script>alert(1)</script>',
  `'; DROP TABLE logs; --`,
  'back\\slash',
  'a*b?c',
  'tab\tnew\nline',
];

/** Lines a to l, each with attributes of its own; the resource says `site` and `floor`. */
const LINES: Record<string, { body?: string; severity?: number; attributes: Values }> = {
  a: { body: 'Patient arrived', severity: 9, attributes: { room: 'R1', beds: 2, open: true } },
  b: { body: 'patient LEFT early', severity: 13, attributes: { room: 'r1', beds: 2.5, open: false } },
  c: { body: 'Übergabe fertig', severity: 17, attributes: { room: '', beds: '2', open: 'true' } },
  d: { severity: 1, attributes: { room: ['x', 'R1'], tags: ['x', 7, true], beds: -1 } },
  e: { severity: 21, attributes: { big: 9_007_199_254_740_993n, beds: 1e3 } },
  f: { severity: 0, attributes: { big: 9_007_199_254_740_992n, empty: [], nothing: null, map: { k: 'v' } } },
  g: { body: 'overridden', severity: 10, attributes: { floor: 'own' } },
};

export function describeFilters(open: OpenStore): void {
  describe('filters', () => {
    const store = storeFor(open, async ({ writer }) => {
      const log = new LogOfRecords(T0_MS);
      const resource = { 'service.name': 'Ward', site: 'north', floor: 3 };
      Object.entries(LINES).forEach(([id, line], at) => {
        const ids = id === 'a' ? { traceId: traceId(9), spanId: '00000000000000ab' } : {};
        log.logs(resource, [
          {
            ...ids,
            timeNano: nano(at),
            severity: line.severity ?? 0,
            body: line.body ?? id,
            eventName: id === 'b' ? 'patient.left' : '',
            attributes: { id, ...line.attributes },
          },
        ]);
      });
      HOSTILE.forEach((text, at) =>
        log.logs({ 'service.name': 'hostile' }, [
          { timeNano: nano(100 + at), body: text, attributes: { id: `h${at}`, text, [text]: 'key' } },
        ]),
      );
      await writer.write(log.records, signal);
    });
    const found = async (q: string, service = 'Ward') => {
      const within = service === '' ? q : `service:${service} (${q})`;
      const list = await store().reader.logs(
        { ...ranged, filter: filter(within, 'logs'), order: 'asc', limit: 100 },
        signal,
      );
      return list.logs.map((line) => line.attributes.id).join('');
    };

    it.each([
      ['room:R1', 'ad'],
      ['room:r1', 'b'],
      ['room:""', 'c'],
      ['room:R*', 'abd'],
      ['room:?1', 'abd'],
      ['room:*', 'abd'],
      ['NOT room:*', 'cefg'],
      ['NOT room:R1', 'bcefg'],
      ['room!=R1', 'bcefg'],
      ['beds:2', 'ac'],
      ['beds:"2"', 'c'],
      ['beds>2', 'be'],
      ['beds>=2', 'abe'],
      ['beds<0', 'd'],
      ['beds:2.5', 'b'],
      ['beds:1000', 'e'],
      ['open:true', 'ac'],
      ['open:false', 'b'],
      ['open:"true"', 'c'],
      ['open:*', 'abc'],
      ['tags:7', 'd'],
      ['tags:x', 'd'],
      ['tags>6', 'd'],
      ['tags:true', 'd'],
      ['tags:(y OR x)', 'd'],
      ['big:9007199254740993', 'e'],
      ['big:9007199254740992', 'f'],
      ['empty:*', ''],
      ['nothing:*', ''],
      ['map:*', 'f'],
      ['floor:3', 'abcdef'],
      ['floor:own', 'g'],
      ['site:north', 'abcdefg'],
      ['site>1', ''],
      ['missing<5', ''],
      ['NOT missing<5', 'abcdefg'],
      ['patient', 'ab'],
      ['"patient left"', 'b'],
      ['übergabe', ''],
      ['Übergabe', 'c'],
      ['pat*early', 'b'],
      ['severity:warn', 'b'],
      ['severity>=warn', 'bce'],
      ['severity<=info', 'adfg'],
      ['severity:fatal OR severity:trace', 'de'],
      ['severity:unspecified', 'f'],
      ['event_name:patient.*', 'b'],
      ['event_name:""', 'acdefg'],
      ['trace_id:*', 'a'],
      [`trace_id:${traceId(9).toUpperCase()}`, 'a'],
      ['trace_id:""', 'bcdefg'],
      ['span_id:00000000000000ab', 'a'],
      ['span_id:*ab', 'a'],
      ['room:R1 (beds:2 OR tags:7) NOT open:true', 'd'],
    ])('%s finds %s', async (q, expected) => {
      expect(await found(q)).toBe(expected);
    });

    it('compares services with their case and finds them without by pattern', async () => {
      expect(await found('service:ward', '')).toBe('');
      expect(await found('service:war*', '')).toBe('abcdefg');
    });

    it.each(HOSTILE.map((text, at) => [text, `h${at}`] as const))(
      'takes %s for text and nothing else',
      async (text, id) => {
        const field = { source: 'attribute' as const, name: 'text' };
        const key = { source: 'attribute' as const, name: text };
        const ask = async (node: Parameters<typeof Array.of<ReturnType<typeof filter>>>[0]) => {
          const list = await store().reader.logs({ ...ranged, filter: node, order: 'asc', limit: 100 }, signal);
          return list.logs;
        };
        const [line, ...others] = await ask({ kind: 'compare', field, op: '=', value: { type: 'string', text } });
        expect([line?.attributes.id, line?.body, others]).toEqual([id, text, []]);
        expect((await ask({ kind: 'text', text })).map((found) => found.attributes.id)).toEqual([id]);
        expect((await ask({ kind: 'exists', field: key })).map((found) => found.attributes.id)).toEqual([id]);
        const values = await store().reader.fieldValues(
          { ...ranged, signal: 'logs', filter: { kind: 'all' }, field: 'text', prefix: text, limit: 5 },
          signal,
        );
        expect(values.values).toEqual([{ value: text, count: 1 }]);
      },
    );

    it('pages through lines in both orders, and counts them by severity', async () => {
      for (const order of ['asc', 'desc'] as const) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<ReturnType<typeof store>['reader']['logs']>> = await store().reader.logs(
            { ...ranged, filter: { kind: 'all' }, order, limit: 4, ...(cursor ? { cursor } : {}) },
            signal,
          );
          seen.push(...page.logs.map((line) => line.id));
          cursor = page.next_cursor;
        } while (cursor !== null);
        expect(seen).toHaveLength(15);
        expect(new Set(seen).size).toBe(15);
      }
      const histogram = await store().reader.logHistogram(
        { ...ranged, filter: filter('service:Ward', 'logs') },
        signal,
      );
      expect(histogram.total).toBe(7);
      expect(histogram.severities.warn?.reduce((a, b) => a + b, 0)).toBe(1);
    });

    it('hands lines over in the order they came, each once, late ones too', async () => {
      const { reader, writer } = store();
      const start = await reader.logsSince(
        { filter: { kind: 'all' }, environment: '', after: null, limit: 10 },
        signal,
      );
      expect(start.logs).toEqual([]);
      const cursor = 1_000_000;
      const log = new LogOfRecords(T0_MS + 1000, cursor);
      const source = { 'service.name': 'tail' };
      log.logs(source, [
        { timeNano: nano(900_000), body: 'first' },
        { timeNano: nano(1), body: 'late' },
      ]);
      log.logs(source, [{ timeNano: nano(900_001), body: 'last' }]);
      await writer.write(log.records, signal);
      const seen: string[] = [];
      let after = start.next;
      for (let turn = 0; turn < 4; turn++) {
        const { logs, next } = await reader.logsSince(
          { filter: filter('service:tail', 'logs'), environment: '', after, limit: 2 },
          signal,
        );
        seen.push(...logs.map((line) => line.body));
        after = next;
      }
      expect(seen).toEqual(['first', 'late', 'last']);
    });
  });
}
