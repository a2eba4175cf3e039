import type {
  ExemplarColumns,
  MetricColumns,
  MetricInfoColumns,
  MetricPointColumns,
} from '../telemetry/metric-columns.js';
import { AttributeTable, ByteRangeColumn, RangeColumn, ResourceTable, ScopeTable } from './attribute-table.js';
import { firstCapacity, grown, nextCapacity, words } from './column-growth.js';
import { DecodeError } from './decode-error.js';
import { KeyPatterns } from './key-patterns.js';

/** Buckets, bounds and quantiles of one request, all points together. */
const MAX_NUMBERS = 1 << 22;

/** {@link MetricColumns} under construction; columns are longer than their `count`. */
export class MetricTable implements MetricColumns {
  bytes: Uint8Array;
  metrics = new MetricInfoTable();
  points = new MetricPointTable();
  exemplars = new ExemplarTable();
  attributes: AttributeTable;
  patterns: KeyPatterns;
  resources = new ResourceTable();
  scopes = new ScopeTable();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.attributes = new AttributeTable(firstCapacity(bytes.length, 28));
    this.patterns = new KeyPatterns(bytes, this.attributes);
  }
}

export class MetricInfoTable implements MetricInfoColumns {
  count = 0;
  private capacity = 32;
  resource = new Uint32Array(32);
  scope = new Uint32Array(32);
  name = new ByteRangeColumn(32);
  description = new ByteRangeColumn(32);
  unit = new ByteRangeColumn(32);
  type = new Uint8Array(32);
  temporality = new Uint8Array(32);
  monotonic = new Uint8Array(32);

  add(): number {
    const row = this.count;
    if (row === this.capacity) this.grow();
    this.count = row + 1;
    return row;
  }

  private grow(): void {
    const capacity = nextCapacity(this.capacity);
    this.capacity = capacity;
    this.resource = grown(this.resource, capacity);
    this.scope = grown(this.scope, capacity);
    this.type = grown(this.type, capacity);
    this.temporality = grown(this.temporality, capacity);
    this.monotonic = grown(this.monotonic, capacity);
    for (const column of [this.name, this.description, this.unit]) column.resize(capacity);
  }
}

export class MetricPointTable implements MetricPointColumns {
  count = 0;
  private capacity = 64;
  metric = new Uint32Array(64);
  timeNano = new BigUint64Array(64);
  startNano = new BigUint64Array(64);
  timeWords = words(this.timeNano);
  startWords = words(this.startNano);
  flags = new Uint32Array(64);
  attribute = new RangeColumn(64);
  value = new Float64Array(64);
  observations = new Float64Array(64);
  min = new Float64Array(64);
  max = new Float64Array(64);
  bucketCounts = new RangeColumn(64);
  bounds = new RangeColumn(64);
  scale = new Int32Array(64);
  zeroCount = new Float64Array(64);
  positiveOffset = new Int32Array(64);
  negativeOffset = new Int32Array(64);
  negativeCounts = new RangeColumn(64);
  exemplar = new RangeColumn(64);
  numbers = new Float64Array(256);
  private used = 0;

  /** A new point of `metric` with everything a sender may leave out. */
  add(metric: number): number {
    const row = this.count;
    if (row === this.capacity) this.grow();
    this.count = row + 1;
    this.metric[row] = metric;
    this.value[row] = Number.NaN;
    this.min[row] = Number.NaN;
    this.max[row] = Number.NaN;
    return row;
  }

  /** Puts numbers into the arena and points `range` of `row` at them. */
  store(range: RangeColumn, row: number, numbers: readonly number[]): void {
    const from = this.used;
    const to = from + numbers.length;
    if (to > MAX_NUMBERS) throw new DecodeError(`more than ${MAX_NUMBERS} buckets in one request: send smaller ones`);
    if (to > this.numbers.length) this.numbers = grown(this.numbers, Math.max(to, this.numbers.length * 2));
    this.numbers.set(numbers, from);
    this.used = to;
    range.from[row] = from;
    range.to[row] = to;
  }

  private grow(): void {
    const capacity = nextCapacity(this.capacity);
    this.capacity = capacity;
    this.metric = grown(this.metric, capacity);
    this.timeNano = grown(this.timeNano, capacity);
    this.startNano = grown(this.startNano, capacity);
    this.timeWords = words(this.timeNano);
    this.startWords = words(this.startNano);
    this.flags = grown(this.flags, capacity);
    this.value = grown(this.value, capacity);
    this.observations = grown(this.observations, capacity);
    this.min = grown(this.min, capacity);
    this.max = grown(this.max, capacity);
    this.scale = grown(this.scale, capacity);
    this.zeroCount = grown(this.zeroCount, capacity);
    this.positiveOffset = grown(this.positiveOffset, capacity);
    this.negativeOffset = grown(this.negativeOffset, capacity);
    const ranges = [this.attribute, this.bucketCounts, this.bounds, this.negativeCounts, this.exemplar];
    for (const range of ranges) range.resize(capacity);
  }
}

export class ExemplarTable implements ExemplarColumns {
  count = 0;
  private capacity = 32;
  timeNano = new BigUint64Array(32);
  timeWords = words(this.timeNano);
  value = new Float64Array(32);
  traceId = new Uint32Array(32);
  spanId = new Uint32Array(32);
  attribute = new RangeColumn(32);

  add(): number {
    const row = this.count;
    if (row === this.capacity) {
      this.capacity = nextCapacity(this.capacity);
      this.timeNano = grown(this.timeNano, this.capacity);
      this.timeWords = words(this.timeNano);
      this.value = grown(this.value, this.capacity);
      this.traceId = grown(this.traceId, this.capacity);
      this.spanId = grown(this.spanId, this.capacity);
      this.attribute.resize(this.capacity);
    }
    this.count = row + 1;
    return row;
  }
}
