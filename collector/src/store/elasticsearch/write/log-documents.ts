import { attributeText } from '../../../decode/text.js';
import { eventNameOf } from '../../../project/project-logs.js';
import { SEVERITIES } from '../../../query/columns.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import type { LogColumns } from '../../../telemetry/log-columns.js';
import { BODY_OVERLAP, SEARCHABLE_LENGTH } from '../mappings.js';
import type { AddRows } from './document-batch.js';
import { ItemContext, type TargetIndex } from './item-context.js';
import type { JsonBytes } from './json-bytes.js';
import { jsonPiece } from './json-piece.js';
import { id, range, text, textMember } from './members.js';
import { wordsOf } from './nano-words.js';
import { TimeFields } from './time-fields.js';

const TRACE_ID = textMember('trace_id');
const SPAN_ID = textMember('span_id');
const SEVERITY_TEXT = textMember('severity_text');
const EVENT_NAME = textMember('event_name');
const BODY = textMember('body');
const SEVERITY = SEVERITIES.map((severity, rank) => jsonPiece(`,"severity":"${severity}","severity_rank":${rank}`));

/** One record's log lines as documents, bytes to bytes. */
export function logDocuments(target: TargetIndex, logs: LogColumns, log: string, position: number): AddRows {
  const context = new ItemContext(target, logs, log, position);
  const { bytes, attribute } = logs;
  const words = wordsOf(logs.timeNano);
  const times = new TimeFields();
  return (batch, first, fullAt) => {
    const { out } = batch;
    let row = first;
    for (; row < logs.count && out.length < fullAt; row++) {
      context.open(batch, row, attribute.from[row]!, attribute.to[row]!);
      times.start.read(words, row);
      times.write(out, false);
      // OTLP's numbers come in fours per word: 1–4 trace, 5–8 debug …
      out.put(SEVERITY[Math.min(6, Math.ceil(logs.severityNumber[row]! / 4))]!);
      range(out, SEVERITY_TEXT, bytes, logs.severityText, row);
      if (logs.eventName.length[row]! > 0) range(out, EVENT_NAME, bytes, logs.eventName, row);
      else text(out, ',"event_name":', eventNameOf(logs, row));
      id(out, TRACE_ID, bytes, logs.traceId[row]!, 16);
      id(out, SPAN_ID, bytes, logs.spanId[row]!, 8);
      addBody(out, logs, logs.body[row]!);
      target.attributes.writeColumns(out, logs);
      context.close(batch, logs.resource[row]!);
    }
    return row;
  };
}

function addBody(out: JsonBytes, logs: LogColumns, row: number): void {
  const { attributes, bytes } = logs;
  const length = attributes.valueLength[row]!;
  if (attributes.type[row] === AttributeType.string && length <= SEARCHABLE_LENGTH) {
    if (length > 0) out.member(BODY, bytes, attributes.valueOffset[row]!, length);
    return;
  }
  const body = attributeText(logs, row);
  text(out, ',"body":', body);
  if (body.length <= SEARCHABLE_LENGTH) return;
  out.ascii(',"body_parts":[');
  const step = SEARCHABLE_LENGTH - BODY_OVERLAP * 2;
  for (let from = 0; from === 0 || from < body.length - BODY_OVERLAP * 2; from += step) {
    if (from > 0) out.byte(0x2c);
    out.string(body.slice(from, from + SEARCHABLE_LENGTH));
  }
  out.byte(0x5d);
}
