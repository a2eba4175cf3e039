import { attributeText } from '../../../decode/text.js';
import { eventNameOf } from '../../../project/project-logs.js';
import { SEVERITIES } from '../../../query/columns.js';
import { AttributeType } from '../../../telemetry/attribute-columns.js';
import type { LogColumns } from '../../../telemetry/log-columns.js';
import { BODY_OVERLAP, SEARCHABLE_LENGTH } from '../mappings.js';
import type { DocumentBatch } from './document-batch.js';
import { ItemColumns } from './item-columns.js';
import { ItemContext, type TargetIndex } from './item-context.js';
import type { JsonBytes } from './json-bytes.js';
import { id, range, text } from './members.js';
import { NanoWords, wordsOf } from './nano-words.js';
import { writeIndexedTime, writeNanos } from './time-fields.js';

/** Writes one record's log lines as documents, bytes to bytes. */
export function addLogs(
  target: TargetIndex,
  logs: LogColumns,
  log: string,
  position: number,
  batchFor: () => DocumentBatch,
): void {
  const context = new ItemContext(target, logs, log, position);
  const columns = new ItemColumns(logs);
  const { bytes, attribute } = logs;
  const times = wordsOf(logs.timeNano);
  const time = new NanoWords();
  for (let row = 0; row < logs.count; row++) {
    const batch = batchFor();
    const { out } = batch;
    columns.at(attribute.from[row]!, attribute.to[row]!);
    context.open(batch, row);
    time.read(times, row);
    writeIndexedTime(out, time);
    writeNanos(out, ',"time":"', time);
    // OTLP's numbers come in fours per word: 1–4 trace, 5–8 debug …
    const rank = Math.min(6, Math.ceil(logs.severityNumber[row]! / 4));
    out.ascii(`,"severity":"${SEVERITIES[rank]}","severity_rank":${rank}`);
    range(out, ',"severity_text":', bytes, logs.severityText, row);
    text(out, ',"event_name":', eventNameOf(logs, row));
    id(out, ',"trace_id":', bytes, logs.traceId[row]!, 16);
    id(out, ',"span_id":', bytes, logs.spanId[row]!, 8);
    text(out, ',"correlation_id":', columns.text('correlationId'));
    text(out, ',"saga_id":', columns.text('sagaId'));
    if (columns.synthetic) out.ascii(',"synthetic":true');
    addBody(out, logs, logs.body[row]!);
    context.shared(batch, logs.resource[row]!);
    context.close(batch, attribute.from[row]!, attribute.to[row]!);
  }
}

function addBody(out: JsonBytes, logs: LogColumns, row: number): void {
  const { attributes, bytes } = logs;
  const length = attributes.valueLength[row]!;
  if (attributes.type[row] === AttributeType.string && length <= SEARCHABLE_LENGTH) {
    if (length === 0) return;
    out.ascii(',"body":');
    out.text(bytes, attributes.valueOffset[row]!, length);
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
