import type { RowRanges } from '../../../telemetry/attribute-columns.js';
import { type MetricColumns, type MetricPointColumns, MetricType } from '../../../telemetry/metric-columns.js';
import type { JsonBytes } from './json-bytes.js';
import { type JsonPiece, jsonPiece } from './json-piece.js';
import type { TimeFields } from './time-fields.js';

const START = jsonPiece(String.raw`,"point":"{\"start\":\"`);
const FLAGS = jsonPiece(String.raw`\",\"flags\":`);
const VALUE = member('value');
const COUNT = member('count');
const MIN = member('min');
const MAX = member('max');
const COUNTS = member('counts');
const BOUNDS = member('bounds');
const SCALE = member('scale');
const ZERO = member('zero');
const POSITIVE_OFFSET = member('positive_offset');
const NEGATIVE_OFFSET = member('negative_offset');
const NEGATIVE_COUNTS = member('negative_counts');
const END = jsonPiece('}"');
const NULL = jsonPiece('null');
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Writes points of one request as the text of a `StoredPoint`: JSON in a JSON string. */
export class PointJson {
  /** What the list of bounds that was written last looks like: those of one metric are alike. */
  #bounds: { from: number; to: number; json: JsonPiece } | null = null;

  /** @param times with the start of the point as its `end` */
  write(out: JsonBytes, { points, metrics }: MetricColumns, row: number, times: TimeFields): void {
    out.put(START);
    times.writeEndNanos(out);
    out.put(FLAGS);
    out.digits(points.flags[row]!, 0);
    out.put(VALUE);
    finite(out, points.value[row]!);
    const type = metrics.type[points.metric[row]!];
    if (type !== MetricType.gauge && type !== MetricType.sum) this.#writeDistribution(out, points, row);
    if (type === MetricType.exponentialHistogram) writeExponential(out, points, row);
    out.put(END);
  }

  #writeDistribution(out: JsonBytes, points: MetricPointColumns, row: number): void {
    out.put(COUNT);
    finite(out, points.observations[row]!);
    out.put(MIN);
    finite(out, points.min[row]!);
    out.put(MAX);
    finite(out, points.max[row]!);
    out.put(COUNTS);
    list(out, points, points.bucketCounts, row);
    out.put(BOUNDS);
    const { from, to } = points.bounds;
    if (this.#bounds !== null && sameNumbers(points.numbers, this.#bounds, from[row]!, to[row]!)) {
      out.put(this.#bounds.json);
      return;
    }
    const start = out.length;
    list(out, points, points.bounds, row);
    this.#bounds = { from: from[row]!, to: to[row]!, json: jsonPiece(out.bytes.subarray(start, out.length)) };
  }
}

function writeExponential(out: JsonBytes, points: MetricPointColumns, row: number): void {
  out.put(SCALE);
  out.number(points.scale[row]!);
  out.put(ZERO);
  finite(out, points.zeroCount[row]!);
  out.put(POSITIVE_OFFSET);
  out.number(points.positiveOffset[row]!);
  out.put(NEGATIVE_OFFSET);
  out.number(points.negativeOffset[row]!);
  out.put(NEGATIVE_COUNTS);
  list(out, points, points.negativeCounts, row);
}

function member(name: string): JsonPiece {
  return jsonPiece(String.raw`,\"${name}\":`);
}

function sameNumbers(numbers: Float64Array, known: { from: number; to: number }, from: number, to: number): boolean {
  if (to - from !== known.to - known.from) return false;
  for (let at = from, other = known.from; at < to; at++, other++) if (numbers[at] !== numbers[other]) return false;
  return true;
}

function list(out: JsonBytes, { numbers }: MetricPointColumns, { from, to }: RowRanges, row: number): void {
  out.byte(OPEN);
  const first = from[row]!;
  const end = to[row]!;
  for (let at = first; at < end; at++) {
    if (at > first) out.byte(COMMA);
    finite(out, numbers[at]!);
  }
  out.byte(CLOSE);
}

/** JSON has no NaN and no infinities. */
function finite(out: JsonBytes, value: number): void {
  if (Number.isFinite(value)) out.number(value);
  else out.put(NULL);
}
