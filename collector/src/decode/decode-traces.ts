import { ABSENT, type DecodeReport, type SpanColumns } from '../telemetry/span-columns.js';
import { decodeKeyValue, decodeResource, decodeScope, decodeShortAttributes } from './decode-attributes.js';
import { idOffset } from './ids.js';
import { SpanTable } from './span-tables.js';
import { WireCursor } from './wire-cursor.js';

/**
 * Reads an `ExportTraceServiceRequest` in one pass. The columns are new with every call and hold nothing but offsets
 * into `bytes`, so they are valid as long as the caller leaves `bytes` alone. Columns may be longer than their `count`.
 * Spans whose ids are missing, all zero or of a wrong length are left out and reported; a link with such ids stays,
 * with {@link ABSENT} in their place.
 * @throws DecodeError with the byte position when the bytes are not such a message.
 */
export function decodeTraces(bytes: Uint8Array): { columns: SpanColumns; report: DecodeReport } {
  return decodeInto(new SpanTable(bytes));
}

/**
 * {@link decodeTraces} for whoever looks at one request after another: its columns are valid until its next call, and
 * their memory is used again.
 */
export function createTraceDecoder(): typeof decodeTraces {
  let spans: SpanTable | null = null;
  return (bytes) => {
    if (spans === null || !spans.reuse(bytes)) spans = new SpanTable(bytes);
    return decodeInto(spans);
  };
}

function decodeInto(spans: SpanTable): { columns: SpanColumns; report: DecodeReport } {
  const { bytes } = spans;
  const cursor = new WireCursor(bytes);
  const report: DecodeReport = { rejected: 0, reason: '' };
  const end = bytes.length;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) {
      const length = cursor.length(end);
      decodeResourceSpans(cursor, cursor.pos + length, spans, report);
    } else {
      cursor.skip(tag, end);
    }
  }
  return { columns: spans, report };
}

function decodeResourceSpans(cursor: WireCursor, end: number, spans: SpanTable, report: DecodeReport): void {
  const resource = spans.resources.add();
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) {
      const length = cursor.length(end);
      decodeResource(cursor, cursor.pos + length, spans.resources, resource, spans.attributes);
    } else if (tag === 18) {
      const length = cursor.length(end);
      decodeScopeSpans(cursor, cursor.pos + length, spans, resource, report);
    } else {
      cursor.skip(tag, end);
    }
  }
}

function decodeScopeSpans(
  cursor: WireCursor,
  end: number,
  spans: SpanTable,
  resource: number,
  report: DecodeReport,
): void {
  const scope = spans.scopes.add();
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 18) {
      const length = cursor.length(end);
      const start = cursor.pos;
      const row = spans.reserve();
      spans.resource[row] = resource;
      spans.scope[row] = scope;
      const { attributes, events, links } = spans;
      const before = { attributes: attributes.count, events: events.count, links: links.count };
      const fault = decodeSpan(cursor, start + length, spans, row);
      if (fault === '') {
        spans.count = row + 1;
      } else {
        attributes.truncate(before.attributes);
        events.count = before.events;
        links.count = before.links;
        report.rejected++;
        if (report.reason === '') report.reason = `${fault} in the span at byte ${start}`;
      }
    } else if (tag === 10) {
      const length = cursor.length(end);
      decodeScope(cursor, cursor.pos + length, spans.scopes, scope, spans.attributes);
    } else {
      cursor.skip(tag, end);
    }
  }
}

/** Fills `row`; returns why the span must be left out, or ''. */
function decodeSpan(cursor: WireCursor, end: number, spans: SpanTable, row: number): string {
  const { bytes } = cursor;
  const { attributes } = spans;
  let traceLength = 0;
  let traceOffset = 0;
  let spanLength = 0;
  let spanOffset = 0;
  let parentLength = 0;
  let parentOffset = 0;
  let firstChild = -1;
  spans.traceState.length[row] = 0;
  spans.name.length[row] = 0;
  spans.kind[row] = 0;
  spans.startWords[row * 2] = 0;
  spans.startWords[row * 2 + 1] = 0;
  spans.endWords[row * 2] = 0;
  spans.endWords[row * 2 + 1] = 0;
  spans.statusCode[row] = 0;
  spans.statusMessage.length[row] = 0;
  spans.flags[row] = 0;
  spans.attribute.from[row] = attributes.count;

  while (cursor.pos < end) {
    const at = cursor.pos;
    const tag = cursor.tag(end);
    switch (tag) {
      case 10:
        traceLength = cursor.length(end);
        traceOffset = cursor.pos;
        cursor.pos += traceLength;
        break;
      case 18:
        spanLength = cursor.length(end);
        spanOffset = cursor.pos;
        cursor.pos += spanLength;
        break;
      case 26: {
        const length = cursor.length(end);
        spans.traceState.offset[row] = cursor.pos;
        spans.traceState.length[row] = length;
        cursor.pos += length;
        break;
      }
      case 34:
        parentLength = cursor.length(end);
        parentOffset = cursor.pos;
        cursor.pos += parentLength;
        break;
      case 42: {
        const length = cursor.length(end);
        spans.name.offset[row] = cursor.pos;
        spans.name.length[row] = length;
        cursor.pos += length;
        break;
      }
      case 48: {
        const kind = cursor.varint32(end);
        spans.kind[row] = kind <= 5 ? kind : 0;
        break;
      }
      case 57:
        cursor.fixed64(end);
        spans.startWords[row * 2] = cursor.low;
        spans.startWords[row * 2 + 1] = cursor.high;
        break;
      case 65:
        cursor.fixed64(end);
        spans.endWords[row * 2] = cursor.low;
        spans.endWords[row * 2 + 1] = cursor.high;
        break;
      case 74: {
        cursor.pos = at;
        decodeShortAttributes(cursor, end, tag, attributes);
        if (cursor.pos > at) break;
        cursor.pos = at + 1;
        const length = cursor.length(end);
        decodeKeyValue(cursor, cursor.pos + length, attributes);
        break;
      }
      case 90:
      case 106: {
        // Later: their attributes must not come between the span's own, whose rows are one range.
        if (firstChild === -1) firstChild = at;
        const length = cursor.length(end);
        cursor.pos += length;
        break;
      }
      case 122: {
        const length = cursor.length(end);
        decodeStatus(cursor, cursor.pos + length, spans, row);
        break;
      }
      case 133:
        spans.flags[row] = cursor.fixed32(end);
        break;
      default:
        cursor.skip(tag, end);
    }
  }
  spans.attribute.to[row] = attributes.count;
  spans.event.from[row] = spans.events.count;
  spans.link.from[row] = spans.links.count;
  if (firstChild !== -1) {
    cursor.pos = firstChild;
    decodeEventsAndLinks(cursor, end, spans);
  }
  spans.event.to[row] = spans.events.count;
  spans.link.to[row] = spans.links.count;

  spans.traceId[row] = idOffset(bytes, traceOffset, traceLength, 16);
  if (spans.traceId[row] === ABSENT) return idFault('trace_id', traceLength, 16);
  spans.spanId[row] = idOffset(bytes, spanOffset, spanLength, 8);
  if (spans.spanId[row] === ABSENT) return idFault('span_id', spanLength, 8);
  if (parentLength !== 0 && parentLength !== 8) return idFault('parent_span_id', parentLength, 8);
  spans.parentSpanId[row] = idOffset(bytes, parentOffset, parentLength, 8);
  return '';
}

function idFault(field: string, length: number, wanted: number): string {
  return length === wanted ? `${field} is all zeros` : `${field} has ${length} bytes instead of ${wanted}`;
}

function decodeStatus(cursor: WireCursor, end: number, spans: SpanTable, row: number): void {
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 18) {
      const length = cursor.length(end);
      spans.statusMessage.offset[row] = cursor.pos;
      spans.statusMessage.length[row] = length;
      cursor.pos += length;
    } else if (tag === 24) {
      const code = cursor.varint32(end);
      spans.statusCode[row] = code <= 2 ? code : 0;
    } else {
      cursor.skip(tag, end);
    }
  }
}

function decodeEventsAndLinks(cursor: WireCursor, end: number, spans: SpanTable): void {
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 90) {
      const length = cursor.length(end);
      decodeEvent(cursor, cursor.pos + length, spans);
    } else if (tag === 106) {
      const length = cursor.length(end);
      decodeLink(cursor, cursor.pos + length, spans);
    } else {
      cursor.skip(tag, end);
    }
  }
}

function decodeEvent(cursor: WireCursor, end: number, spans: SpanTable): void {
  const { events, attributes } = spans;
  const row = events.add();
  events.attribute.from[row] = attributes.count;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 9) {
      cursor.fixed64(end);
      events.timeWords[row * 2] = cursor.low;
      events.timeWords[row * 2 + 1] = cursor.high;
    } else if (tag === 18) {
      const length = cursor.length(end);
      events.name.offset[row] = cursor.pos;
      events.name.length[row] = length;
      cursor.pos += length;
    } else if (tag === 26) {
      const length = cursor.length(end);
      decodeKeyValue(cursor, cursor.pos + length, attributes);
    } else {
      cursor.skip(tag, end);
    }
  }
  events.attribute.to[row] = attributes.count;
}

function decodeLink(cursor: WireCursor, end: number, spans: SpanTable): void {
  const { links, attributes } = spans;
  const row = links.add();
  links.traceId[row] = ABSENT;
  links.spanId[row] = ABSENT;
  links.attribute.from[row] = attributes.count;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10 || tag === 18) {
      const length = cursor.length(end);
      const column = tag === 10 ? links.traceId : links.spanId;
      column[row] = idOffset(cursor.bytes, cursor.pos, length, tag === 10 ? 16 : 8);
      cursor.pos += length;
    } else if (tag === 34) {
      const length = cursor.length(end);
      decodeKeyValue(cursor, cursor.pos + length, attributes);
    } else {
      cursor.skip(tag, end);
    }
  }
  links.attribute.to[row] = attributes.count;
}
