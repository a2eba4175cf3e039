import { type AttributeSource, attributeKey, attributeValue, hexAt, textAt } from '../../src/decode/text.js';
import type { ByteRanges, RowRanges } from '../../src/telemetry/attribute-columns.js';
import type { LogColumns } from '../../src/telemetry/log-columns.js';
import type { MetricColumns } from '../../src/telemetry/metric-columns.js';
import type { SpanColumns } from '../../src/telemetry/span-columns.js';

/** Columns as plain objects, to be compared with another decoder's. Ranges that are absent read as empty. */
export function spansOf(columns: SpanColumns): object[] {
  return rows(columns.count, (row) => ({
    resource: listAt(columns, columns.resources.attributes, columns.resource[row]!),
    scope: scopeOf(columns, columns.scope[row]!),
    traceId: hexAt(columns.bytes, columns.traceId[row]!, 16),
    spanId: hexAt(columns.bytes, columns.spanId[row]!, 8),
    parentSpanId: hexAt(columns.bytes, columns.parentSpanId[row]!, 8),
    traceState: range(columns, columns.traceState, row),
    name: range(columns, columns.name, row),
    kind: columns.kind[row],
    start: columns.startNano[row],
    end: columns.endNano[row],
    status: [columns.statusCode[row], range(columns, columns.statusMessage, row)],
    flags: columns.flags[row],
    attributes: listAt(columns, columns.attribute, row),
    events: between(columns.event, row, (event) => ({
      time: columns.events.timeNano[event],
      name: range(columns, columns.events.name, event),
      attributes: listAt(columns, columns.events.attribute, event),
    })),
    links: between(columns.link, row, (link) => ({
      traceId: hexAt(columns.bytes, columns.links.traceId[link]!, 16),
      spanId: hexAt(columns.bytes, columns.links.spanId[link]!, 8),
      attributes: listAt(columns, columns.links.attribute, link),
    })),
  }));
}

export function logsOf(columns: LogColumns): object[] {
  return rows(columns.count, (row) => ({
    resource: listAt(columns, columns.resources.attributes, columns.resource[row]!),
    scope: scopeOf(columns, columns.scope[row]!),
    time: columns.timeNano[row],
    observed: columns.observedNano[row],
    severity: [columns.severityNumber[row], range(columns, columns.severityText, row)],
    eventName: range(columns, columns.eventName, row),
    body: attributeValue(columns, columns.body[row]!),
    traceId: hexAt(columns.bytes, columns.traceId[row]!, 16),
    spanId: hexAt(columns.bytes, columns.spanId[row]!, 8),
    flags: columns.flags[row],
    attributes: listAt(columns, columns.attribute, row),
  }));
}

export function pointsOf(columns: MetricColumns): object[] {
  const { points, metrics, exemplars } = columns;
  const numbers = (ranges: RowRanges, row: number) => [...points.numbers.subarray(ranges.from[row], ranges.to[row])];
  return rows(points.count, (row) => {
    const metric = points.metric[row]!;
    return {
      resource: listAt(columns, columns.resources.attributes, metrics.resource[metric]!),
      scope: scopeOf(columns, metrics.scope[metric]!),
      name: range(columns, metrics.name, metric),
      description: range(columns, metrics.description, metric),
      unit: range(columns, metrics.unit, metric),
      kind: [metrics.type[metric], metrics.temporality[metric], metrics.monotonic[metric]],
      time: points.timeNano[row],
      start: points.startNano[row],
      flags: points.flags[row],
      attributes: listAt(columns, points.attribute, row),
      value: points.value[row],
      observations: points.observations[row],
      extremes: [points.min[row], points.max[row]],
      counts: numbers(points.bucketCounts, row),
      bounds: numbers(points.bounds, row),
      exponential: [points.scale[row], points.zeroCount[row], points.positiveOffset[row], points.negativeOffset[row]],
      negative: numbers(points.negativeCounts, row),
      exemplars: between(points.exemplar, row, (exemplar) => ({
        time: exemplars.timeNano[exemplar],
        value: exemplars.value[exemplar],
        traceId: hexAt(columns.bytes, exemplars.traceId[exemplar]!, 16),
        spanId: hexAt(columns.bytes, exemplars.spanId[exemplar]!, 8),
        attributes: listAt(columns, exemplars.attribute, exemplar),
      })),
    };
  });
}

type Columns = SpanColumns | LogColumns | MetricColumns;

function rows<T>(count: number, of: (row: number) => T): T[] {
  return Array.from({ length: count }, (_, row) => of(row));
}

function between<T>({ from, to }: RowRanges, row: number, of: (inner: number) => T): T[] {
  return rows(to[row]! - from[row]!, (i) => of(from[row]! + i));
}

function range({ bytes }: Columns, { offset, length }: ByteRanges, row: number): string {
  return textAt(bytes, offset[row]!, length[row]!);
}

function listAt(source: AttributeSource, ranges: RowRanges, row: number): [string, unknown][] {
  return between(ranges, row, (attribute) => [attributeKey(source, attribute), attributeValue(source, attribute)]);
}

function scopeOf(columns: Columns, scope: number): object {
  const { name, version, attributes } = columns.scopes;
  return [range(columns, name, scope), range(columns, version, scope), listAt(columns, attributes, scope)];
}
