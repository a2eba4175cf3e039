import { attributesObject, hexAt, textAt } from '../../../decode/text.js';
import { bucketOf } from '../../../project/duration-buckets.js';
import { SPAN_KINDS, SPAN_STATUSES } from '../../../query/columns.js';
import type { SpanColumns } from '../../../telemetry/span-columns.js';
import type { DocumentBatch } from './document-batch.js';
import { ItemColumns } from './item-columns.js';
import { ItemContext, type TargetIndex } from './item-context.js';
import type { JsonBytes } from './json-bytes.js';
import { id, range, text } from './members.js';
import { NanoWords, wordsOf } from './nano-words.js';
import { writeIndexedTime, writeNanos } from './time-fields.js';

const KINDS = SPAN_KINDS.map((kind) => `,"kind":"${kind}"`);
const STATUSES = SPAN_STATUSES.map((status) => `,"status":"${status}"`);

/** Writes one record's spans as documents, bytes to bytes. */
export function addSpans(
  target: TargetIndex,
  spans: SpanColumns,
  log: string,
  position: number,
  batchFor: () => DocumentBatch,
): void {
  const context = new ItemContext(target, spans, log, position);
  const columns = new ItemColumns(spans);
  const { bytes, attribute } = spans;
  const starts = wordsOf(spans.startNano);
  const ends = wordsOf(spans.endNano);
  const start = new NanoWords();
  const end = new NanoWords();
  const scopes = Array.from({ length: spans.scopes.count }, (_, row) => scopeText(spans, row));
  for (let row = 0; row < spans.count; row++) {
    const batch = batchFor();
    const { out } = batch;
    start.read(starts, row);
    end.read(ends, row);
    const nanos = Math.max(0, (end.ms - start.ms) * 1e6 + (end.rest - start.rest));
    columns.at(attribute.from[row]!, attribute.to[row]!);
    context.open(batch, row);
    writeIndexedTime(out, start);
    writeNanos(out, ',"time":"', start);
    writeNanos(out, ',"end":"', end);
    out.ascii(',"duration":');
    // Beyond 2⁵³ (a hundred days) the nanoseconds round; start and end stay exact.
    out.digits(Math.min(nanos, Number.MAX_SAFE_INTEGER), 0);
    out.ascii(',"bucket":');
    out.number(bucketOf(nanos));
    id(out, ',"trace_id":', bytes, spans.traceId[row]!, 16);
    id(out, ',"span_id":', bytes, spans.spanId[row]!, 8);
    id(out, ',"parent_span_id":', bytes, spans.parentSpanId[row]!, 8);
    range(out, ',"name":', bytes, spans.name, row);
    out.ascii(KINDS[spans.kind[row]!] ?? KINDS[0]!);
    out.ascii(STATUSES[spans.statusCode[row]!] ?? STATUSES[0]!);
    out.ascii(`,"category":"${columns.category}"`);
    range(out, ',"status_message":', bytes, spans.statusMessage, row);
    range(out, ',"trace_state":', bytes, spans.traceState, row);
    text(out, ',"correlation_id":', columns.text('correlationId'));
    text(out, ',"saga_id":', columns.text('sagaId'));
    if (columns.synthetic) out.ascii(',"synthetic":true');
    text(out, ',"scope":', scopes[spans.scope[row]!] ?? '');
    if (spans.event.to[row]! > spans.event.from[row]!) addEvents(out, spans, row);
    if (spans.link.to[row]! > spans.link.from[row]!) addLinks(out, spans, row);
    context.shared(batch, spans.resource[row]!);
    context.close(batch, attribute.from[row]!, attribute.to[row]!);
  }
}

function addEvents(out: JsonBytes, spans: SpanColumns, row: number): void {
  const { events, bytes } = spans;
  const list = [];
  for (let event = spans.event.from[row]!; event < spans.event.to[row]!; event++) {
    list.push({
      time: events.timeNano[event]!.toString(),
      name: textAt(bytes, events.name.offset[event]!, events.name.length[event]!),
      attributes: attributesObject(spans, events.attribute.from[event]!, events.attribute.to[event]!),
    });
  }
  out.ascii(`,"event_count":${list.length},"events":`);
  out.string(JSON.stringify(list));
}

function addLinks(out: JsonBytes, spans: SpanColumns, row: number): void {
  const { links, bytes } = spans;
  const list = [];
  for (let link = spans.link.from[row]!; link < spans.link.to[row]!; link++) {
    list.push({
      trace_id: hexAt(bytes, links.traceId[link]!, 16),
      span_id: hexAt(bytes, links.spanId[link]!, 8),
      attributes: attributesObject(spans, links.attribute.from[link]!, links.attribute.to[link]!),
    });
  }
  const traces = [...new Set(list.map((link) => link.trace_id).filter((trace) => trace !== ''))];
  out.ascii(`,"link_count":${list.length},"linked_traces":${JSON.stringify(traces)},"links":`);
  out.string(JSON.stringify(list));
}

/** Scopes are few: as JSON text, made once per request. */
function scopeText({ bytes, scopes }: SpanColumns, row: number): string {
  const name = textAt(bytes, scopes.name.offset[row]!, scopes.name.length[row]!);
  const version = textAt(bytes, scopes.version.offset[row]!, scopes.version.length[row]!);
  return name === '' && version === '' ? '' : JSON.stringify({ name, version });
}
