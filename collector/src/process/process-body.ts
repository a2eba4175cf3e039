import { words } from '../decode/column-growth.js';
import { Signal } from '../log/log-record.js';
import type { ByteRanges } from '../telemetry/attribute-columns.js';
import { AttributeType } from '../telemetry/attribute-columns.js';
import type { LogColumns } from '../telemetry/log-columns.js';
import type { MetricColumns } from '../telemetry/metric-columns.js';
import type { SpanColumns } from '../telemetry/span-columns.js';
import { logTimeFault, spanTimeFault, type TimeFault, timeFaultField } from './absurd-time.js';
import { ATTRIBUTE_PATHS } from './attribute-paths.js';
import { type CollectedEdits, collectEdits, nestedNeedsEdits, type ValueRules } from './collect-edits.js';
import type { Edit } from './edit.js';
import { itemRanges } from './item-ranges.js';
import { rewrite } from './rewrite.js';
import { SensitiveKeys } from './sensitive-keys.js';
import { checkSharedOfLogs, checkSharedOfPoints, checkSharedOfSpans } from './shared-parts.js';

export interface ProcessorOptions {
  redact: boolean;
  /** Keys besides the built-in ones. */
  redactKeys: readonly string[];
  maxAttributeBytes: number;
  maxLogBodyBytes: number;
}

export interface ProcessOutcome {
  /** The message as it may be logged; null when it is fine as it came. */
  bytes: Uint8Array | null;
  redacted: number;
  truncated: number;
  absurdTimes: number;
}

/**
 * Redaction, limits and flags: what happens to every body between decoding and the log.
 * @throws DecodeError when what its items share is too much for their number
 */
export interface Processor {
  traces(spans: SpanColumns, receivedNano: bigint): ProcessOutcome;
  logs(logs: LogColumns, receivedNano: bigint): ProcessOutcome;
  metrics(metrics: MetricColumns): ProcessOutcome;
}

/** Fields of spans and log records that hold attributes. */
const SPAN_ATTRIBUTES = 9;
const LOG_ATTRIBUTES = 6;
const NOTHING: CollectedEdits = { edits: [], redacted: 0, truncated: 0 };
const UNCHANGED: ProcessOutcome = { bytes: null, redacted: 0, truncated: 0, absurdTimes: 0 };

export function createProcessor(options: ProcessorOptions): Processor {
  const rules: ValueRules = {
    sensitive: options.redact ? new SensitiveKeys(options.redactKeys) : null,
    maxAttributeBytes: options.maxAttributeBytes,
    maxLogBodyBytes: options.maxLogBodyBytes,
  };
  return {
    traces(spans, receivedNano) {
      checkSharedOfSpans(spans, rules.maxAttributeBytes);
      const { name, statusMessage, traceState, count } = spans;
      const longText =
        anyLonger(name, count, rules) ||
        anyLonger(statusMessage, count, rules) ||
        anyLonger(traceState, count, rules) ||
        anyLonger(spans.events.name, spans.events.count, rules);
      const faults = spanFaults(spans, Number(receivedNano));
      return outcome(
        spans,
        Signal.traces,
        longText,
        rules,
        () => flags(spans.bytes, spans.spanId, faults, SPAN_ATTRIBUTES),
        faults.size,
      );
    },
    logs(logs, receivedNano) {
      checkSharedOfLogs(logs, rules.maxAttributeBytes);
      const longText = anyLonger(logs.severityText, logs.count, rules) || anyLonger(logs.eventName, logs.count, rules);
      const faults = logFaults(logs, Number(receivedNano));
      return outcome(
        logs,
        Signal.logs,
        longText,
        rules,
        () => flags(logs.bytes, null, faults, LOG_ATTRIBUTES),
        faults.size,
      );
    },
    metrics(columns) {
      checkSharedOfPoints(columns, rules.maxAttributeBytes);
      const { name, description, unit, count } = columns.metrics;
      const longText = [name, description, unit].some((texts) => anyLonger(texts, count, rules));
      return outcome(columns, Signal.metrics, longText, rules, () => [], 0);
    },
  };
}

type Columns = SpanColumns | LogColumns | MetricColumns;

function outcome(
  columns: Columns,
  signal: Signal,
  longText: boolean,
  rules: ValueRules,
  flagEdits: () => Edit[],
  absurdTimes: number,
): ProcessOutcome {
  const dirty = longText || scopesAreLong(columns, rules) || attributesNeedEdits(columns, rules);
  if (!dirty && absurdTimes === 0) return UNCHANGED;
  const found = dirty ? collectEdits(columns.bytes, ATTRIBUTE_PATHS[signal], rules) : NOTHING;
  const edits = [...found.edits, ...flagEdits()].sort((a, b) => a.from - b.from);
  const bytes = edits.length === 0 ? null : rewrite(columns.bytes, edits);
  return { bytes, redacted: found.redacted, truncated: found.truncated, absurdTimes };
}

/** The quick look that nearly every body passes: a byte or two of each attribute. */
function attributesNeedEdits({ bytes, attributes }: Columns, rules: ValueRules): boolean {
  const { count, keyOffset, keyLength, type, valueOffset, valueLength } = attributes;
  const { sensitive, maxAttributeBytes, maxLogBodyBytes } = rules;
  for (let row = 0; row < count; row++) {
    const length = keyLength[row]!;
    if (length > maxAttributeBytes) return true;
    if (sensitive?.has(bytes, keyOffset[row]!, length) === true) return true;
    const valueType = type[row]!;
    if (valueType === AttributeType.string || valueType === AttributeType.bytes) {
      // Bodies of log records have no key.
      if (valueLength[row]! > (length === 0 ? maxLogBodyBytes : maxAttributeBytes)) return true;
    } else if (valueType === AttributeType.array || valueType === AttributeType.map) {
      const from = valueOffset[row]!;
      if (nestedNeedsEdits(bytes, valueType, from, from + valueLength[row]!, rules)) return true;
    }
  }
  return false;
}

function anyLonger({ length }: ByteRanges, count: number, { maxAttributeBytes }: ValueRules): boolean {
  for (let row = 0; row < count; row++) if (length[row]! > maxAttributeBytes) return true;
  return false;
}

function scopesAreLong({ scopes }: Columns, rules: ValueRules): boolean {
  return anyLonger(scopes.name, scopes.count, rules) || anyLonger(scopes.version, scopes.count, rules);
}

function spanFaults(spans: SpanColumns, received: number): Map<number, TimeFault> {
  const faults = new Map<number, TimeFault>();
  const start = words(spans.startNano);
  const end = words(spans.endNano);
  for (let row = 0; row < spans.count; row++) {
    const fault = spanTimeFault(asDouble(start, row), asDouble(end, row), received);
    if (fault !== '') faults.set(row, fault);
  }
  return faults;
}

function logFaults(logs: LogColumns, received: number): Map<number, TimeFault> {
  const faults = new Map<number, TimeFault>();
  const time = words(logs.timeNano);
  for (let row = 0; row < logs.count; row++) {
    const fault = logTimeFault(asDouble(time, row), received);
    if (fault !== '') faults.set(row, fault);
  }
  return faults;
}

function asDouble(column: Uint32Array, row: number): number {
  return column[row * 2 + 1]! * 0x1_0000_0000 + column[row * 2]!;
}

/** Flags to put into the items. Rows are items one to one, unless some were rejected: then ids tell which is which. */
function flags(
  bytes: Uint8Array,
  idOffsets: Uint32Array | null,
  faults: Map<number, TimeFault>,
  field: number,
): Edit[] {
  if (faults.size === 0) return [];
  const ranges = itemRanges(bytes);
  const edits: Edit[] = [];
  let item = 0;
  for (const [row, fault] of faults) {
    if (idOffsets === null) item = row;
    else while (ranges[item]!.to <= idOffsets[row]!) item++;
    const { from } = ranges[item]!;
    edits.push({ from, to: from, bytes: timeFaultField(field, fault) });
  }
  return edits;
}
