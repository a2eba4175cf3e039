import type { LogColumns } from '../telemetry/log-columns.js';
import { ABSENT, type DecodeReport } from '../telemetry/span-columns.js';
import {
  decodeAnyValue,
  decodeKeyValue,
  decodeResource,
  decodeScope,
  decodeShortAttributes,
} from './decode-attributes.js';
import { idOffset } from './ids.js';
import { LogTable } from './log-table.js';
import { WireCursor } from './wire-cursor.js';

/**
 * Reads an `ExportLogsServiceRequest` in one pass. The columns are new with every call and valid as long as the caller
 * leaves `bytes` alone; they may be longer than their `count`. Nothing is ever rejected: an invalid id means "not part
 * of a trace" (opentelemetry/proto/logs/v1, trace_id). `timeNano` is 0 only where the sender gave no time at all; such
 * a line happened when it was received.
 * @throws DecodeError with the byte position when the bytes are not such a message.
 */
export function decodeLogs(bytes: Uint8Array): { columns: LogColumns; report: DecodeReport } {
  const cursor = new WireCursor(bytes);
  const logs = new LogTable(bytes);
  const end = bytes.length;
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) {
      const length = cursor.length(end);
      decodeResourceLogs(cursor, cursor.pos + length, logs);
    } else {
      cursor.skip(tag, end);
    }
  }
  return { columns: logs, report: { rejected: 0, reason: '' } };
}

function decodeResourceLogs(cursor: WireCursor, end: number, logs: LogTable): void {
  const resource = logs.resources.add();
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 10) {
      const length = cursor.length(end);
      decodeResource(cursor, cursor.pos + length, logs.resources, resource, logs.attributes);
    } else if (tag === 18) {
      const length = cursor.length(end);
      decodeScopeLogs(cursor, cursor.pos + length, logs, resource);
    } else {
      cursor.skip(tag, end);
    }
  }
}

function decodeScopeLogs(cursor: WireCursor, end: number, logs: LogTable, resource: number): void {
  const scope = logs.scopes.add();
  while (cursor.pos < end) {
    const tag = cursor.tag(end);
    if (tag === 18) {
      const length = cursor.length(end);
      const row = logs.add();
      logs.resource[row] = resource;
      logs.scope[row] = scope;
      decodeLogRecord(cursor, cursor.pos + length, logs, row);
    } else if (tag === 10) {
      const length = cursor.length(end);
      decodeScope(cursor, cursor.pos + length, logs.scopes, scope, logs.attributes);
    } else {
      cursor.skip(tag, end);
    }
  }
}

function decodeLogRecord(cursor: WireCursor, end: number, logs: LogTable, row: number): void {
  const { attributes } = logs;
  let bodyOffset = 0;
  let bodyLength = 0;
  let timeLow = 0;
  let timeHigh = 0;
  let observedLow = 0;
  let observedHigh = 0;
  logs.severityNumber[row] = 0;
  logs.severityText.length[row] = 0;
  logs.eventName.length[row] = 0;
  logs.traceId[row] = ABSENT;
  logs.spanId[row] = ABSENT;
  logs.flags[row] = 0;
  logs.attribute.from[row] = attributes.count;

  while (cursor.pos < end) {
    const at = cursor.pos;
    const tag = cursor.tag(end);
    switch (tag) {
      case 9:
        cursor.fixed64(end);
        timeLow = cursor.low;
        timeHigh = cursor.high;
        break;
      case 16: {
        const severity = cursor.varint32(end);
        logs.severityNumber[row] = severity <= 24 ? severity : 0;
        break;
      }
      case 26:
      case 98: {
        const length = cursor.length(end);
        const column = tag === 26 ? logs.severityText : logs.eventName;
        column.offset[row] = cursor.pos;
        column.length[row] = length;
        cursor.pos += length;
        break;
      }
      case 42:
        // Later: its row must not come between the attributes, which are one range.
        bodyLength = cursor.length(end);
        bodyOffset = cursor.pos;
        cursor.pos += bodyLength;
        break;
      case 50: {
        cursor.pos = at;
        decodeShortAttributes(cursor, end, tag, attributes);
        if (cursor.pos > at) break;
        cursor.pos = at + 1;
        const length = cursor.length(end);
        decodeKeyValue(cursor, cursor.pos + length, attributes);
        break;
      }
      case 69:
        logs.flags[row] = cursor.fixed32(end);
        break;
      case 74:
      case 82: {
        const length = cursor.length(end);
        const column = tag === 74 ? logs.traceId : logs.spanId;
        column[row] = idOffset(cursor.bytes, cursor.pos, length, tag === 74 ? 16 : 8);
        cursor.pos += length;
        break;
      }
      case 89:
        cursor.fixed64(end);
        observedLow = cursor.low;
        observedHigh = cursor.high;
        break;
      default:
        cursor.skip(tag, end);
    }
  }
  logs.attribute.to[row] = attributes.count;
  logs.body[row] = attributes.add();
  if (bodyLength > 0) {
    cursor.pos = bodyOffset;
    decodeAnyValue(cursor, bodyOffset + bodyLength, attributes, logs.body[row]!);
    cursor.pos = end;
  }
  const unset = timeLow === 0 && timeHigh === 0;
  logs.timeWords[row * 2] = unset ? observedLow : timeLow;
  logs.timeWords[row * 2 + 1] = unset ? observedHigh : timeHigh;
  logs.observedWords[row * 2] = observedLow;
  logs.observedWords[row * 2 + 1] = observedHigh;
}
