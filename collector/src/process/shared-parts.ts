import { DecodeError } from '../decode/decode-error.js';
import {
  type AttributeColumns,
  AttributeType,
  type ResourceColumns,
  type ScopeColumns,
} from '../telemetry/attribute-columns.js';
import type { LogColumns } from '../telemetry/log-columns.js';
import type { MetricColumns } from '../telemetry/metric-columns.js';
import type { SpanColumns } from '../telemetry/span-columns.js';

/**
 * What the items of one request may come to by what they share. OTLP says a resource, a scope, a metric once for all of
 * their items; a document has all of it. A few kilobytes that unpack to a large resource and very many items would be
 * gigabytes of documents.
 */
export const MAX_SHARED_BYTES = 256 << 20;

/** @throws DecodeError when each span with its own copy of resource and scope would be too much */
export function checkSharedOfSpans(spans: SpanColumns, maxAttributeBytes: number): void {
  if (isSmall(spans.bytes, spans.count)) return;
  const resources = resourceSizes(spans, maxAttributeBytes);
  const scopes = scopeSizes(spans.scopes, maxAttributeBytes);
  let sum = 0;
  for (let row = 0; row < spans.count; row++) {
    sum += (resources[spans.resource[row]!] ?? 0) + (scopes[spans.scope[row]!] ?? 0);
  }
  check(sum, spans.count, 'spans', 'resource and scope');
}

/** @throws DecodeError when each log record with its own copy of the resource would be too much */
export function checkSharedOfLogs(logs: LogColumns, maxAttributeBytes: number): void {
  if (isSmall(logs.bytes, logs.count)) return;
  const resources = resourceSizes(logs, maxAttributeBytes);
  let sum = 0;
  for (let row = 0; row < logs.count; row++) sum += resources[logs.resource[row]!] ?? 0;
  check(sum, logs.count, 'log records', 'resource');
}

/** @throws DecodeError when each point with its own copy of resource and metric would be too much */
export function checkSharedOfPoints(columns: MetricColumns, maxAttributeBytes: number): void {
  const { bytes, metrics, points } = columns;
  if (isSmall(bytes, points.count)) return;
  const resources = resourceSizes(columns, maxAttributeBytes);
  const sizes = new Float64Array(metrics.count);
  for (let row = 0; row < metrics.count; row++) {
    const { name, description, unit } = metrics;
    sizes[row] = resources[metrics.resource[row]!] ?? 0;
    for (const texts of [name, description, unit]) sizes[row]! += Math.min(texts.length[row]!, maxAttributeBytes);
  }
  let sum = 0;
  for (let row = 0; row < points.count; row++) sum += sizes[points.metric[row]!] ?? 0;
  check(sum, points.count, 'points', 'resource and metric');
}

/** Nothing that is shared is larger than the whole request: nearly every one needs no more than this look. */
function isSmall(bytes: Uint8Array, items: number): boolean {
  return bytes.length * items <= MAX_SHARED_BYTES;
}

function check(sum: number, count: number, items: string, shared: string): void {
  if (sum <= MAX_SHARED_BYTES) return;
  throw new DecodeError(
    `the ${shared} that ${count} ${items} share would be ${sum} bytes if each had its own, more than ${MAX_SHARED_BYTES}: send fewer in one request, or a smaller ${shared}`,
  );
}

function resourceSizes(
  { attributes, resources }: { attributes: AttributeColumns; resources: ResourceColumns },
  maxAttributeBytes: number,
): Float64Array {
  const sizes = new Float64Array(resources.count);
  const { from, to } = resources.attributes;
  for (let row = 0; row < resources.count; row++) {
    for (let attribute = from[row]!; attribute < to[row]!; attribute++) {
      // Longer texts are cut before they are stored; what is nested is cut text by text.
      const type = attributes.type[attribute]!;
      const isText = type === AttributeType.string || type === AttributeType.bytes;
      const value = attributes.valueLength[attribute]!;
      sizes[row]! += Math.min(attributes.keyLength[attribute]!, maxAttributeBytes);
      sizes[row]! += isText ? Math.min(value, maxAttributeBytes) : value;
    }
  }
  return sizes;
}

function scopeSizes({ count, name, version }: ScopeColumns, maxAttributeBytes: number): Float64Array {
  const sizes = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    for (const texts of [name, version]) sizes[row]! += Math.min(texts.length[row]!, maxAttributeBytes);
  }
  return sizes;
}
