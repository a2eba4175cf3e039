import type { LogColumns } from '../telemetry/log-columns.js';
import { AttributeTable, ByteRangeColumn, RangeColumn, ResourceTable, ScopeTable } from './attribute-table.js';
import { firstCapacity, grown, nextCapacity, words } from './column-growth.js';
import { KeyPatterns } from './key-patterns.js';

/** {@link LogColumns} under construction; columns are longer than `count`. */
export class LogTable implements LogColumns {
  bytes: Uint8Array;
  count = 0;
  private capacity: number;
  resource: Uint32Array;
  scope: Uint32Array;
  timeNano: BigUint64Array;
  observedNano: BigUint64Array;
  timeWords: Uint32Array;
  observedWords: Uint32Array;
  severityNumber: Uint8Array;
  severityText: ByteRangeColumn;
  eventName: ByteRangeColumn;
  body: Uint32Array;
  traceId: Uint32Array;
  spanId: Uint32Array;
  flags: Uint32Array;
  attribute: RangeColumn;
  attributes: AttributeTable;
  patterns: KeyPatterns;
  resources = new ResourceTable();
  scopes = new ScopeTable();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const capacity = firstCapacity(bytes.length, 200);
    this.capacity = capacity;
    this.resource = new Uint32Array(capacity);
    this.scope = new Uint32Array(capacity);
    this.timeNano = new BigUint64Array(capacity);
    this.observedNano = new BigUint64Array(capacity);
    this.timeWords = words(this.timeNano);
    this.observedWords = words(this.observedNano);
    this.severityNumber = new Uint8Array(capacity);
    this.severityText = new ByteRangeColumn(capacity);
    this.eventName = new ByteRangeColumn(capacity);
    this.body = new Uint32Array(capacity);
    this.traceId = new Uint32Array(capacity);
    this.spanId = new Uint32Array(capacity);
    this.flags = new Uint32Array(capacity);
    this.attribute = new RangeColumn(capacity);
    this.attributes = new AttributeTable(firstCapacity(bytes.length, 28));
    this.patterns = new KeyPatterns(bytes, this.attributes);
  }

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
    this.timeNano = grown(this.timeNano, capacity);
    this.observedNano = grown(this.observedNano, capacity);
    this.timeWords = words(this.timeNano);
    this.observedWords = words(this.observedNano);
    this.severityNumber = grown(this.severityNumber, capacity);
    this.body = grown(this.body, capacity);
    this.traceId = grown(this.traceId, capacity);
    this.spanId = grown(this.spanId, capacity);
    this.flags = grown(this.flags, capacity);
    this.severityText.resize(capacity);
    this.eventName.resize(capacity);
    this.attribute.resize(capacity);
  }
}
