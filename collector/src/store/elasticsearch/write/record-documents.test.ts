import { expect, it } from 'vitest';
import { encode, Logs, Metrics, Traces } from '../../../../test/otlp/otlp-messages.js';
import { BodyEncoding, type LogPosition, type LogRecord, Signal } from '../../../log/log-record.js';
import { AttributeKeys } from './attribute-keys.js';
import { DocumentBatch } from './document-batch.js';
import { targetIndex } from './item-context.js';
import { createReadRecord } from './record-documents.js';

const FULL = 100_000;
const COUNT = 1000;
const resource = { attributes: [{ key: 'large', value: { stringValue: 'x'.repeat(20_000) } }] };
const span = { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2), name: 's' };
const bodies = [
  [Signal.traces, encode(Traces, { resourceSpans: [{ resource, scopeSpans: [{ spans: Array(COUNT).fill(span) }] }] })],
  [
    Signal.logs,
    encode(Logs, {
      resourceLogs: [{ resource, scopeLogs: [{ logRecords: Array(COUNT).fill({ severityNumber: 9 }) }] }],
    }),
  ],
  [
    Signal.metrics,
    encode(Metrics, {
      resourceMetrics: [
        {
          resource,
          scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints: Array(COUNT).fill({ asInt: 1 }) } }] }],
        },
      ],
    }),
  ],
] as const;

it.each(bodies)(
  'a record that is very much larger as documents is written piece by piece (signal %d)',
  (signal, body) => {
    const record: LogRecord = {
      position: 0 as LogPosition,
      next: 1 as LogPosition,
      tenant: '',
      signal,
      encoding: BodyEncoding.identity,
      receivedNano: 1n,
      body,
    };
    const target = () => targetIndex('index', new AttributeKeys(10), new AttributeKeys(10));
    const { items, addRows } = createReadRecord('log')(
      record,
      { spans: target(), logs: target(), metrics: target() },
      [],
    );
    const batch = new DocumentBatch();
    const rows: number[] = [];
    for (let row = 0; row < items; ) {
      row = addRows(batch, row, FULL);
      expect(batch.body().length).toBeLessThan(FULL + 25_000);
      const lines = batch.body().toString('utf8').trimEnd().split('\n');
      for (let at = 1; at < lines.length; at += 2) rows.push((JSON.parse(lines[at]!) as { row: number }).row);
      batch.clear();
    }
    expect(rows).toEqual(Array.from({ length: COUNT }, (_, row) => row));
  },
);
