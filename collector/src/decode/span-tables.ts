import type { SpanColumns, SpanEventColumns, SpanLinkColumns } from '../telemetry/span-columns.js';
import { AttributeTable, ByteRangeColumn, RangeColumn, ResourceTable, ScopeTable } from './attribute-table.js';
import { firstCapacity, grown, nextCapacity, words } from './column-growth.js';
import { KeyPatterns } from './key-patterns.js';

/** Memory of larger requests is given back. */
const MAX_REUSED_ROWS = 1 << 16;

/** {@link SpanColumns} under construction; columns are longer than `count`. */
export class SpanTable implements SpanColumns {
  bytes: Uint8Array;
  count = 0;
  capacity: number;
  resource: Uint32Array;
  scope: Uint32Array;
  traceId: Uint32Array;
  spanId: Uint32Array;
  parentSpanId: Uint32Array;
  traceState: ByteRangeColumn;
  name: ByteRangeColumn;
  kind: Uint8Array;
  startNano: BigUint64Array;
  endNano: BigUint64Array;
  startWords: Uint32Array;
  endWords: Uint32Array;
  statusCode: Uint8Array;
  statusMessage: ByteRangeColumn;
  flags: Uint32Array;
  attribute: RangeColumn;
  event: RangeColumn;
  link: RangeColumn;
  events = new SpanEventTable();
  links = new SpanLinkTable();
  attributes: AttributeTable;
  patterns: KeyPatterns;
  resources = new ResourceTable();
  scopes = new ScopeTable();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    // Typical spans are 300 to 600 bytes, attributes 30 to 40: first guesses on the large side, since growing copies.
    const capacity = firstCapacity(bytes.length, 256);
    this.capacity = capacity;
    this.resource = new Uint32Array(capacity);
    this.scope = new Uint32Array(capacity);
    this.traceId = new Uint32Array(capacity);
    this.spanId = new Uint32Array(capacity);
    this.parentSpanId = new Uint32Array(capacity);
    this.traceState = new ByteRangeColumn(capacity);
    this.name = new ByteRangeColumn(capacity);
    this.kind = new Uint8Array(capacity);
    this.startNano = new BigUint64Array(capacity);
    this.endNano = new BigUint64Array(capacity);
    this.startWords = words(this.startNano);
    this.endWords = words(this.endNano);
    this.statusCode = new Uint8Array(capacity);
    this.statusMessage = new ByteRangeColumn(capacity);
    this.flags = new Uint32Array(capacity);
    this.attribute = new RangeColumn(capacity);
    this.event = new RangeColumn(capacity);
    this.link = new RangeColumn(capacity);
    this.attributes = new AttributeTable(firstCapacity(bytes.length, 28));
    this.patterns = new KeyPatterns(bytes, this.attributes);
  }

  /** Forgets everything but its memory; false when that is too small or too large for `bytes`. */
  reuse(bytes: Uint8Array): boolean {
    if (this.attributes.capacity > MAX_REUSED_ROWS || this.attributes.capacity * 28 < bytes.length) return false;
    this.bytes = bytes;
    this.count = 0;
    this.events.count = 0;
    this.links.count = 0;
    this.attributes.truncate(0);
    this.patterns = new KeyPatterns(bytes, this.attributes);
    this.resources = new ResourceTable();
    this.scopes = new ScopeTable();
    return true;
  }

  /** Room for one more row, which the caller fills; it counts once the caller raises `count`. */
  reserve(): number {
    if (this.count === this.capacity) this.grow();
    return this.count;
  }

  private grow(): void {
    const capacity = nextCapacity(this.capacity);
    this.capacity = capacity;
    this.resource = grown(this.resource, capacity);
    this.scope = grown(this.scope, capacity);
    this.traceId = grown(this.traceId, capacity);
    this.spanId = grown(this.spanId, capacity);
    this.parentSpanId = grown(this.parentSpanId, capacity);
    this.kind = grown(this.kind, capacity);
    this.startNano = grown(this.startNano, capacity);
    this.endNano = grown(this.endNano, capacity);
    this.startWords = words(this.startNano);
    this.endWords = words(this.endNano);
    this.statusCode = grown(this.statusCode, capacity);
    this.flags = grown(this.flags, capacity);
    for (const column of [this.traceState, this.name, this.statusMessage]) column.resize(capacity);
    for (const column of [this.attribute, this.event, this.link]) column.resize(capacity);
  }
}

export class SpanEventTable implements SpanEventColumns {
  count = 0;
  private capacity = 16;
  timeNano = new BigUint64Array(16);
  timeWords = words(this.timeNano);
  name = new ByteRangeColumn(16);
  attribute = new RangeColumn(16);

  add(): number {
    const row = this.count;
    if (row === this.capacity) {
      this.capacity = nextCapacity(this.capacity);
      this.timeNano = grown(this.timeNano, this.capacity);
      this.timeWords = words(this.timeNano);
      this.name.resize(this.capacity);
      this.attribute.resize(this.capacity);
    }
    this.count = row + 1;
    this.timeWords[row * 2] = 0;
    this.timeWords[row * 2 + 1] = 0;
    this.name.length[row] = 0;
    return row;
  }
}

export class SpanLinkTable implements SpanLinkColumns {
  count = 0;
  private capacity = 16;
  traceId = new Uint32Array(16);
  spanId = new Uint32Array(16);
  attribute = new RangeColumn(16);

  add(): number {
    const row = this.count;
    if (row === this.capacity) {
      this.capacity = nextCapacity(this.capacity);
      this.traceId = grown(this.traceId, this.capacity);
      this.spanId = grown(this.spanId, this.capacity);
      this.attribute.resize(this.capacity);
    }
    this.count = row + 1;
    return row;
  }
}
