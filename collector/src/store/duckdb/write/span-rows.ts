import { attributesObject, hexAt, textAt } from '../../../decode/text.js';
import type { SpanColumns } from '../../../telemetry/span-columns.js';
import { PROMOTED } from '../schema.js';
import { writeAttributes } from './attribute-writer.js';
import { IdColumn, NumberColumn, TextColumn, TextListColumn, WordsColumn } from './column.js';
import type { Dictionary } from './dictionary.js';
import type { Extent } from './extent.js';
import type { NativeHeap } from './native-heap.js';
import { idsOf, wordsOf } from './request-columns.js';
import type { Shape } from './shape.js';
import { Stage } from './stage.js';

/** Stages spans: bytes go from the request into vectors, and no object is made per span. */
export class SpanRows {
  readonly stage = new Stage('spans', spanColumns);

  add(spans: SpanColumns, dictionary: Dictionary, extent: Extent): void {
    const { bytes } = spans;
    const resources = idsOf(spans.resources.count, (row) => dictionary.resource(spans, spans.resources, row));
    const scopes = idsOf(spans.scopes.count, (row) => dictionary.scope(bytes, spans.scopes, row));
    const shapes: Shape[] = [];
    const starts = wordsOf(spans.startNano);
    const ends = wordsOf(spans.endNano);
    for (let span = 0; span < spans.count; span++) {
      const row = this.stage.next();
      const { columns } = this.stage;
      const place = this.stage.placeOf(bytes);
      columns.traceId.set(row, bytes, spans.traceId[span] as number);
      columns.spanId.set(row, bytes, spans.spanId[span] as number);
      columns.parentId.set(row, bytes, spans.parentSpanId[span] as number);
      const startLow = starts[span * 2] as number;
      const startHigh = starts[span * 2 + 1] as number;
      const endLow = ends[span * 2] as number;
      const borrow = endLow < startLow ? 1 : 0;
      columns.start.setTime(row, startLow, startHigh);
      columns.duration.set(row, endLow - startLow, (ends[span * 2 + 1] as number) - startHigh - borrow);
      extent.add(startLow, startHigh);
      columns.kind.data[row] = spans.kind[span] as number;
      columns.status.data[row] = spans.statusCode[span] as number;
      columns.flags.data[row] = spans.flags[span] as number;
      columns.resource.data[row] = resources[spans.resource[span] as number] as number;
      columns.scope.data[row] = scopes[spans.scope[span] as number] as number;
      const from = spans.attribute.from[span] as number;
      const to = spans.attribute.to[span] as number;
      const pattern = spans.patterns.of(from, to);
      const shape = (shapes[pattern] ??= dictionary.shapes.spans.of(spans, from, to));
      columns.shape.data[row] = shape.id;
      columns.name.setRange(row, bytes, spans.name, span, place);
      columns.statusMessage.setRange(row, bytes, spans.statusMessage, span, place);
      columns.traceState.setRange(row, bytes, spans.traceState, span, place);
      writeAttributes(spans, from, shape, row, place, columns.promoted, columns.vals);
      this.#addEvents(spans, span, row);
      this.#addLinks(spans, span, row);
    }
  }

  #addEvents(spans: SpanColumns, span: number, row: number): void {
    const from = spans.event.from[span] as number;
    const to = spans.event.to[span] as number;
    this.stage.columns.eventCount.data[row] = Math.min(to - from, 65535);
    if (from === to) return;
    const { events } = spans;
    const list = [];
    for (let event = from; event < to; event++) {
      list.push({
        time: (events.timeNano[event] as bigint).toString(),
        name: textAt(spans.bytes, events.name.offset[event] as number, events.name.length[event] as number),
        attributes: attributesObject(
          spans,
          events.attribute.from[event] as number,
          events.attribute.to[event] as number,
        ),
      });
    }
    this.stage.columns.events.set(row, JSON.stringify(list));
  }

  #addLinks(spans: SpanColumns, span: number, row: number): void {
    const from = spans.link.from[span] as number;
    const to = spans.link.to[span] as number;
    this.stage.columns.linkCount.data[row] = Math.min(to - from, 65535);
    if (from === to) return;
    const { links } = spans;
    const list = [];
    for (let link = from; link < to; link++) {
      list.push({
        trace_id: hexAt(spans.bytes, links.traceId[link] as number, 16),
        span_id: hexAt(spans.bytes, links.spanId[link] as number, 8),
        attributes: attributesObject(spans, links.attribute.from[link] as number, links.attribute.to[link] as number),
      });
    }
    this.stage.columns.links.set(row, JSON.stringify(list));
  }
}

function spanColumns(heap: NativeHeap) {
  return {
    traceId: new IdColumn(16),
    spanId: new IdColumn(8),
    parentId: new IdColumn(8),
    start: new WordsColumn(),
    duration: new WordsColumn(),
    kind: new NumberColumn('utinyint'),
    status: new NumberColumn('utinyint'),
    flags: new NumberColumn('uinteger'),
    resource: new NumberColumn('integer'),
    scope: new NumberColumn('integer'),
    shape: new NumberColumn('integer'),
    name: new TextColumn(heap),
    statusMessage: new TextColumn(heap),
    traceState: new TextColumn(heap),
    promoted: PROMOTED.spans.map(() => new TextColumn(heap, true)),
    vals: new TextListColumn(heap),
    events: new TextColumn(heap),
    links: new TextColumn(heap),
    eventCount: new NumberColumn('usmallint'),
    linkCount: new NumberColumn('usmallint'),
  };
}
