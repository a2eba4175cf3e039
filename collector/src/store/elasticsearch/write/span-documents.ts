import { attributesObject, hexAt, textAt } from '../../../decode/text.js';
import { bucketOf } from '../../../project/duration-buckets.js';
import { SPAN_KINDS, SPAN_STATUSES } from '../../../query/columns.js';
import type { SpanColumns } from '../../../telemetry/span-columns.js';
import type { AddRows } from './document-batch.js';
import { ItemContext, type TargetIndex } from './item-context.js';
import { CATEGORIES } from './item-meaning.js';
import type { JsonBytes } from './json-bytes.js';
import { type JsonPiece, jsonPiece } from './json-piece.js';
import { id, range, textMember } from './members.js';
import { wordsOf } from './nano-words.js';
import { TimeFields } from './time-fields.js';

const TRACE_ID = textMember('trace_id');
const SPAN_ID = textMember('span_id');
const PARENT_SPAN_ID = textMember('parent_span_id');
const NAME = textMember('name');
const STATUS_MESSAGE = textMember('status_message');
const TRACE_STATE = textMember('trace_state');
const DURATION = jsonPiece(',"duration":');
const BUCKET = jsonPiece(',"bucket":');

/** Kind, status and category are one of 126: by kind, then status, then category. */
const NATURES = SPAN_KINDS.flatMap((kind) =>
  SPAN_STATUSES.flatMap((status) =>
    CATEGORIES.map((category) => jsonPiece(`,"kind":"${kind}","status":"${status}","category":"${category}"`)),
  ),
);

function natureOf(kind: number, status: number, category: number): JsonPiece {
  const knownKind = kind < SPAN_KINDS.length ? kind : 0;
  const knownStatus = status < SPAN_STATUSES.length ? status : 0;
  return NATURES[(knownKind * SPAN_STATUSES.length + knownStatus) * CATEGORIES.length + category]!;
}

/** One record's spans as documents, bytes to bytes. */
export function spanDocuments(target: TargetIndex, spans: SpanColumns, log: string, position: number): AddRows {
  const context = new ItemContext(target, spans, log, position);
  const { bytes, attribute } = spans;
  const starts = wordsOf(spans.startNano);
  const ends = wordsOf(spans.endNano);
  const times = new TimeFields();
  const { start, end } = times;
  const scopes = Array.from({ length: spans.scopes.count }, (_, row) => scopeMember(spans, row));
  return (batch, first, fullAt) => {
    const { out } = batch;
    let row = first;
    for (; row < spans.count && out.length < fullAt; row++) {
      start.read(starts, row);
      end.read(ends, row);
      const nanos = Math.max(0, (end.ms - start.ms) * 1e6 + (end.rest - start.rest));
      context.open(batch, row, attribute.from[row]!, attribute.to[row]!);
      times.write(out, true);
      out.put(DURATION);
      // Beyond 2⁵³ (a hundred days) the nanoseconds round; start and end stay exact.
      out.digits(Math.min(nanos, Number.MAX_SAFE_INTEGER), 0);
      out.put(BUCKET);
      out.number(bucketOf(nanos));
      id(out, TRACE_ID, bytes, spans.traceId[row]!, 16);
      id(out, SPAN_ID, bytes, spans.spanId[row]!, 8);
      id(out, PARENT_SPAN_ID, bytes, spans.parentSpanId[row]!, 8);
      range(out, NAME, bytes, spans.name, row);
      out.put(natureOf(spans.kind[row]!, spans.statusCode[row]!, target.attributes.category));
      range(out, STATUS_MESSAGE, bytes, spans.statusMessage, row);
      range(out, TRACE_STATE, bytes, spans.traceState, row);
      out.put(scopes[spans.scope[row]!] ?? NO_SCOPE);
      if (spans.event.to[row]! > spans.event.from[row]!) addEvents(out, spans, row);
      if (spans.link.to[row]! > spans.link.from[row]!) addLinks(out, spans, row);
      target.attributes.writeColumns(out, spans);
      context.close(batch, spans.resource[row]!);
    }
    return row;
  };
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

const NO_SCOPE = jsonPiece('');

/** Scopes are few: as JSON text, made once per request. */
function scopeMember({ bytes, scopes }: SpanColumns, row: number): JsonPiece {
  const name = textAt(bytes, scopes.name.offset[row]!, scopes.name.length[row]!);
  const version = textAt(bytes, scopes.version.offset[row]!, scopes.version.length[row]!);
  if (name === '' && version === '') return NO_SCOPE;
  return jsonPiece(`,"scope":${JSON.stringify(JSON.stringify({ name, version }))}`);
}
