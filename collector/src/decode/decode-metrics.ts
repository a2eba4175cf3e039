import { type MetricColumns, MetricType } from '../telemetry/metric-columns.js';
import type { DecodeReport } from '../telemetry/span-columns.js';
import { decodeResource, decodeScope } from './decode-attributes.js';
import {
  decodeExponentialPoint,
  decodeHistogramPoint,
  decodeNumberPoint,
  decodeSummaryPoint,
} from './decode-points.js';
import { MetricTable } from './metric-tables.js';
import { WireCursor } from './wire-cursor.js';

/**
 * Reads an `ExportMetricsServiceRequest` in one pass. The columns are new with every call and valid as long as the
 * caller leaves `bytes` alone; they may be longer than their `count`. `value` is NaN where a point has none (flag
 * "no recorded value", histograms without a sum).
 * @throws DecodeError with the byte position when the bytes are not such a message.
 */
export function decodeMetrics(bytes: Uint8Array): { columns: MetricColumns; report: DecodeReport } {
  const cursor = new WireCursor(bytes);
  const table = new MetricTable(bytes);
  const report: DecodeReport = { rejected: 0, reason: '' };
  const end = bytes.length;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) {
      const length = cursor.length(end);
      decodeResourceMetrics(cursor, cursor.pos + length, table);
    } else {
      cursor.skip(tag, end);
    }
  }
  return { columns: table, report };
}

function decodeResourceMetrics(cursor: WireCursor, end: number, table: MetricTable): void {
  const resource = table.resources.add();
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) {
      const length = cursor.length(end);
      decodeResource(cursor, cursor.pos + length, table.resources, resource, table.attributes);
    } else if (tag === 18) {
      const length = cursor.length(end);
      decodeScopeMetrics(cursor, cursor.pos + length, table, resource);
    } else {
      cursor.skip(tag, end);
    }
  }
}

function decodeScopeMetrics(cursor: WireCursor, end: number, table: MetricTable, resource: number): void {
  const scope = table.scopes.add();
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 18) {
      const length = cursor.length(end);
      const row = table.metrics.add();
      table.metrics.resource[row] = resource;
      table.metrics.scope[row] = scope;
      decodeMetric(cursor, cursor.pos + length, table, row);
    } else if (tag === 10) {
      const length = cursor.length(end);
      decodeScope(cursor, cursor.pos + length, table.scopes, scope, table.attributes);
    } else {
      cursor.skip(tag, end);
    }
  }
}

/** `Metric.data` by tag: gauge, sum, histogram, exponential histogram, summary. */
const TYPE_OF_TAG: Readonly<Record<number, number>> = {
  42: MetricType.gauge,
  58: MetricType.sum,
  74: MetricType.histogram,
  82: MetricType.exponentialHistogram,
  90: MetricType.summary,
};

function decodeMetric(cursor: WireCursor, end: number, table: MetricTable, row: number): void {
  const { metrics } = table;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10 || tag === 18 || tag === 26) {
      const length = cursor.length(end);
      const column = tag === 10 ? metrics.name : tag === 18 ? metrics.description : metrics.unit;
      column.offset[row] = cursor.pos;
      column.length[row] = length;
      cursor.pos += length;
      continue;
    }
    const type = TYPE_OF_TAG[tag];
    if (type === undefined) {
      cursor.skip(tag, end);
      continue;
    }
    metrics.type[row] = type;
    const length = cursor.length(end);
    decodeData(cursor, cursor.pos + length, table, row, type);
  }
}

/** All five data messages put points in field 1, temporality in 2 and monotonicity in 3, as far as they have them. */
function decodeData(cursor: WireCursor, end: number, table: MetricTable, metric: number, type: number): void {
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) {
      const length = cursor.length(end);
      decodePoint(cursor, cursor.pos + length, table, metric, type);
    } else if (tag === 16) {
      const temporality = cursor.varint32(end);
      table.metrics.temporality[metric] = temporality <= 2 ? temporality : 0;
    } else if (tag === 24) {
      table.metrics.monotonic[metric] = cursor.varint32(end) === 0 ? 0 : 1;
    } else {
      cursor.skip(tag, end);
    }
  }
}

function decodePoint(cursor: WireCursor, end: number, table: MetricTable, metric: number, type: number): void {
  const row = table.points.add(metric);
  if (type === MetricType.histogram) decodeHistogramPoint(cursor, end, table, row);
  else if (type === MetricType.exponentialHistogram) decodeExponentialPoint(cursor, end, table, row);
  else if (type === MetricType.summary) decodeSummaryPoint(cursor, end, table, row);
  else decodeNumberPoint(cursor, end, table, row);
}
