import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeLogs } from '../../../src/decode/decode-logs.js';
import { attributesObject, attributeText } from '../../../src/decode/text.js';
import { Signal } from '../../../src/log/log-record.js';
import type { FilterNode } from '../../../src/query/ast.js';
import { SEVERITIES as SEVERITY_WORDS } from '../../../src/query/columns.js';
import { parseFilter } from '../../../src/query/parse-filter.js';
import {
  type ElasticsearchStore,
  openElasticsearchStore,
} from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { encodeLogs, type Values } from '../../fixtures/otlp-encoder.js';
import { holds } from './filter-oracle.js';
import { sharedServer } from './running-server.js';
import { NOON, nano, RecordsGiven } from './telemetry-given.js';

const never = new AbortController().signal;
let es: Awaited<ReturnType<typeof sharedServer>>;

beforeAll(async () => {
  es = await sharedServer();
});
afterAll(() => es?.end());

const LONG = 'x'.repeat(1023);
const ITEMS: Values[] = [
  { code: 200, path: '/api/orders', ok: true },
  { code: '200', path: '/API/Orders', ok: 'true' },
  { code: 200.5, path: '/api/orders/7', ok: false },
  { code: -3, path: '' },
  { code: '', ok: false },
  {},
  { big: 9007199254740993n, code: 9007199254740992n },
  { big: 9007199254740992n },
  { big: -9007199254740995n },
  { big: 1e17 },
  { list: ['a', 'B', 7, true] },
  { list: [] },
  { list: [['a'], { k: 'a' }] },
  { map: { a: 'x' } },
  { map: {} },
  { none: null },
  { raw: new Uint8Array([1, 2, 3]) },
  { nan: Number.NaN, inf: Number.POSITIVE_INFINITY },
  { long: `${LONG}yz` },
  { long: `${LONG}y` },
  { long: LONG },
  { 'a b': '1', 'a.b': '2', 'a*c': '3', ümlaut: 'Äöü', '': 'empty key' },
  { 'a*c': 5, '*': 'star', '?': 'mark', '..': 'dots', '.x': 'dot' },
  { path: 'a*b?c\\d' },
  { path: 'ab?c' },
  { path: 'Äpfel 🍎 und Birnen' },
  { region: 'item', zone: '' },
  { region: 5 },
  { [`k${'e'.repeat(300)}y`]: 'long name' },
  { __proto__x: 'p', constructor: 'c' },
];

const FILTERS = [
  'code:200',
  'code:"200"',
  'code!=200',
  'NOT code:200',
  'code>100',
  'code>=200.5',
  'code<0',
  'code<=-3',
  'code:*',
  'NOT code:*',
  'ok:true',
  'ok:"true"',
  'ok:false',
  'ok:*',
  'path:/api/orders',
  'path:/api/*',
  'path:*ORDERS*',
  'path:/api/orders/?',
  'path:""',
  'path:*',
  'path:"a*b?c\\\\d"',
  'path:a\\*b\\?c*',
  'path:ab?c',
  'path:"ab?c"',
  'path:Ä*',
  'path:ä*',
  'path:*🍎*',
  'path:"Äpfel 🍎 und Birnen"',
  'big:9007199254740993',
  'big:9007199254740992',
  'big:-9007199254740995',
  'big:100000000000000000',
  'big>9007199254740992',
  'code:9007199254740992',
  'list:a',
  'list:b',
  'list:B*',
  'list:7',
  'list>6',
  'list:true',
  'list:*',
  'map:*',
  'none:*',
  'raw:*',
  'nan:*',
  'nan>0',
  'inf>0',
  'inf:*',
  `long:${LONG}`,
  'long:*y',
  'long:*x',
  'long:*',
  '"a b":1',
  'a.b:2',
  '"a*c":3',
  '"a*c">4',
  '"a*c":*',
  '"*":star',
  '".x":dot',
  '"..":*',
  'ümlaut:Äöü',
  'ümlaut:ä*',
  'region:item',
  'region:res',
  'region:5',
  'region>4',
  'region:*',
  'zone:zz',
  'zone:*',
  'host:h1',
  'NOT host:h1',
  'cpus>3',
  'cpus:4',
  'code:200 OR list:a',
  'code:200 AND NOT ok:true',
  '-(code:200 OR path:*)',
  'constructor:c',
  'constructor:*',
  '__proto__x:*',
  'severity>=warn',
  'severity<=warn',
  'severity:error',
  'severity<info',
  'body:*',
  'NOT body:*',
  '"BODY 1"',
  'line*7',
  'event_name:e1',
  'event_name:""',
  'event_name:*',
  'trace_id:""',
  'service:logger',
  'service:LOG*',
  'env:prod',
  'environment:""',
  'correlation_id:c-3',
  'correlation_id:*',
];

const RESOURCE: Values = {
  'service.name': 'logger',
  'deployment.environment.name': 'prod',
  region: 'res',
  zone: 'zz',
  host: 'h1',
  cpus: 4,
};
const SEVERITIES = [0, 1, 5, 9, 12, 13, 16, 17, 21, 24];

const body = encodeLogs(
  RESOURCE,
  ITEMS.map((attributes, row) => ({
    timeNano: nano(NOON + row),
    severity: SEVERITIES[row % SEVERITIES.length] ?? 0,
    ...(row % 4 === 0 ? {} : { body: row % 5 === 0 ? { line: row } : `A body ${row}, line ${row}` }),
    ...(row % 3 === 1 ? { eventName: `e${row % 2}` } : {}),
    attributes: row % 9 === 3 ? { ...attributes, 'correlation.id': `c-${row}` } : attributes,
  })),
);

function expectedRows(filter: FilterNode): number[] {
  const { columns } = decodeLogs(body);
  return ITEMS.flatMap((attributes, row) => {
    const line = {
      attributes,
      resource: RESOURCE,
      body: attributeText(columns, columns.body[row] ?? 0),
      columns: {
        service: 'logger',
        environment: 'prod',
        event_name: row % 3 === 1 ? `e${row % 2}` : '',
        correlation_id: row % 9 === 3 ? `c-${row}` : '',
        severity: SEVERITY_WORDS[Math.ceil((SEVERITIES[row % SEVERITIES.length] ?? 0) / 4)] ?? '',
      },
    };
    return holds(filter, line) ? [row] : [];
  });
}

async function foundRows(store: ElasticsearchStore, filter: FilterNode): Promise<number[]> {
  const { logs } = await store.reader.logs(
    {
      filter,
      environment: '',
      order: 'asc',
      limit: 1000,
      range: { from_ms: NOON - 1, to_ms: NOON + 1000 },
      nowMs: NOON,
    },
    never,
  );
  return logs.map((log) => Number((BigInt(log.time) - nano(NOON)) / 1_000_000n));
}

describe.each([
  ['attributes have fields of their own', 'typed', 1500],
  ['no attribute has a field of its own', 'none', 0],
  ['some attributes have fields and others not', 'some', 6],
])('the query language where %s', (_, prefix, attribute_fields) => {
  let store: ElasticsearchStore;
  beforeAll(async () => {
    store = await openElasticsearchStore(es.config({ index_prefix: prefix, attribute_fields }), {
      logDirectory: es.folder(prefix),
    });
    const report = await store.writer.write([new RecordsGiven().record(Signal.logs, body)], never);
    expect(report).toMatchObject({ logs: ITEMS.length, deadLetters: 0 });
    await es.refresh();
  });
  afterAll(() => store.close());

  test.each(FILTERS)('%s', async (text) => {
    const parsed = parseFilter(text, 'logs');
    expect(parsed.faults).toEqual([]);
    expect(await foundRows(store, parsed.filter)).toEqual(expectedRows(parsed.filter));
  });

  test('attributes come back as they were sent', async () => {
    const { columns } = decodeLogs(body);
    const { logs } = await store.reader.logs(
      {
        filter: { kind: 'all' },
        environment: '',
        order: 'asc',
        limit: 1000,
        range: { from_ms: NOON - 1, to_ms: NOON + 1000 },
        nowMs: NOON,
      },
      never,
    );
    expect(logs).toHaveLength(ITEMS.length);
    logs.forEach((log, row) => {
      expect(log.attributes).toEqual(
        attributesObject(columns, columns.attribute.from[row] ?? 0, columns.attribute.to[row] ?? 0),
      );
      expect(log.body).toBe(attributeText(columns, columns.body[row] ?? 0));
    });
  });
});
