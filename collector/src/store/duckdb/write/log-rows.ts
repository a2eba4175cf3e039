import { attributeText } from '../../../decode/text.js';
import { eventNameOf } from '../../../project/project-logs.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import type { LogColumns } from '../../../telemetry/log-columns.js';
import { PROMOTED } from '../schema.js';
import { writeAttributes } from './attribute-writer.js';
import { IdColumn, NumberColumn, TextColumn, TextListColumn, WordsColumn } from './column.js';
import type { Dictionary } from './dictionary.js';
import type { Extent } from './extent.js';
import type { NativeHeap } from './native-heap.js';
import { idsOf, wordsOf } from './request-columns.js';
import type { Shape } from './shape.js';
import { Stage } from './stage.js';

/** Stages log lines. Position in the log and place in the request are a line's identity and its order of arrival. */
export class LogRows {
  readonly stage = new Stage('logs', logColumns);

  add(logs: LogColumns, position: number, dictionary: Dictionary, extent: Extent): void {
    const { bytes, attributes } = logs;
    const resources = idsOf(logs.resources.count, (row) => dictionary.resource(logs, logs.resources, row));
    const scopes = idsOf(logs.scopes.count, (row) => dictionary.scope(bytes, logs.scopes, row));
    const shapes: Shape[] = [];
    const times = wordsOf(logs.timeNano);
    const observed = wordsOf(logs.observedNano);
    const arrival = BigInt(position);
    for (let line = 0; line < logs.count; line++) {
      const row = this.stage.next();
      const { columns } = this.stage;
      const place = this.stage.placeOf(bytes);
      columns.position.data[row] = arrival;
      columns.item.data[row] = line;
      const low = times[line * 2] as number;
      const high = times[line * 2 + 1] as number;
      columns.time.setTime(row, low, high);
      extent.add(low, high);
      columns.observed.setTime(row, observed[line * 2] as number, observed[line * 2 + 1] as number);
      columns.severity.data[row] = logs.severityNumber[line] as number;
      columns.flags.data[row] = logs.flags[line] as number;
      columns.traceId.set(row, bytes, logs.traceId[line] as number);
      columns.spanId.set(row, bytes, logs.spanId[line] as number);
      columns.resource.data[row] = resources[logs.resource[line] as number] as number;
      columns.scope.data[row] = scopes[logs.scope[line] as number] as number;
      const from = logs.attribute.from[line] as number;
      const to = logs.attribute.to[line] as number;
      const pattern = logs.patterns.of(from, to);
      const shape = (shapes[pattern] ??= dictionary.shapes.logs.of(logs, from, to));
      columns.shape.data[row] = shape.id;
      columns.severityText.setRange(row, bytes, logs.severityText, line, place);
      // Most lines have neither; older senders give an attribute instead of the field.
      if (logs.eventName.length[line] === 0) columns.eventName.set(row, eventNameOf(logs, line));
      else columns.eventName.setRange(row, bytes, logs.eventName, line, place);
      const body = logs.body[line] as number;
      if (attributes.type[body] === AttributeType.string) {
        const { valueOffset, valueLength } = attributes;
        columns.body.setBytes(row, bytes, valueOffset[body] as number, valueLength[body] as number, place);
      } else columns.body.set(row, attributeText(logs, body));
      writeAttributes(logs, from, shape, row, place, columns.promoted, columns.vals);
    }
  }
}

function logColumns(heap: NativeHeap) {
  return {
    position: new NumberColumn('bigint'),
    item: new NumberColumn('integer'),
    time: new WordsColumn(),
    observed: new WordsColumn(),
    severity: new NumberColumn('utinyint'),
    flags: new NumberColumn('uinteger'),
    traceId: new IdColumn(16),
    spanId: new IdColumn(8),
    resource: new NumberColumn('integer'),
    scope: new NumberColumn('integer'),
    shape: new NumberColumn('integer'),
    severityText: new TextColumn(heap),
    eventName: new TextColumn(heap),
    body: new TextColumn(heap),
    promoted: PROMOTED.logs.map(() => new TextColumn(heap, true)),
    vals: new TextListColumn(heap),
  };
}
