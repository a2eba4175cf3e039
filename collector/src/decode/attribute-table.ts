import type {
  AttributeColumns,
  ByteRanges,
  ResourceColumns,
  RowRanges,
  ScopeColumns,
} from '../telemetry/attribute-columns.js';
import { grown, nextCapacity, words } from './column-growth.js';

/** {@link AttributeColumns} under construction. Columns are longer than `count`; only the first `count` rows mean anything. */
export class AttributeTable implements AttributeColumns {
  count = 0;
  capacity: number;
  keyOffset: Uint32Array;
  keyLength: Uint32Array;
  type: Uint8Array;
  valueOffset: Uint32Array;
  valueLength: Uint32Array;
  number: Float64Array;
  int: BigInt64Array;
  intWords: Uint32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.keyOffset = new Uint32Array(capacity);
    this.keyLength = new Uint32Array(capacity);
    this.type = new Uint8Array(capacity);
    this.valueOffset = new Uint32Array(capacity);
    this.valueLength = new Uint32Array(capacity);
    this.number = new Float64Array(capacity);
    this.int = new BigInt64Array(capacity);
    this.intWords = words(this.int);
  }

  /** An empty row, its index. Rows beyond `count` are always empty, so there is nothing to clear. */
  add(): number {
    const row = this.count;
    if (row === this.capacity) this.grow();
    this.count = row + 1;
    return row;
  }

  /** Takes back the rows from `count` on, of an item that was left out. */
  truncate(count: number): void {
    const columns = [this.keyOffset, this.keyLength, this.type, this.valueOffset, this.valueLength, this.number];
    for (const column of columns) column.fill(0, count, this.count);
    this.int.fill(0n, count, this.count);
    this.count = count;
  }

  grow(): void {
    const capacity = nextCapacity(this.capacity);
    this.capacity = capacity;
    this.keyOffset = grown(this.keyOffset, capacity);
    this.keyLength = grown(this.keyLength, capacity);
    this.type = grown(this.type, capacity);
    this.valueOffset = grown(this.valueOffset, capacity);
    this.valueLength = grown(this.valueLength, capacity);
    this.number = grown(this.number, capacity);
    this.int = grown(this.int, capacity);
    this.intWords = words(this.int);
  }
}

export class RangeColumn implements RowRanges {
  from: Uint32Array;
  to: Uint32Array;

  constructor(capacity: number) {
    this.from = new Uint32Array(capacity);
    this.to = new Uint32Array(capacity);
  }

  resize(capacity: number): void {
    this.from = grown(this.from, capacity);
    this.to = grown(this.to, capacity);
  }
}

export class ByteRangeColumn implements ByteRanges {
  offset: Uint32Array;
  length: Uint32Array;

  constructor(capacity: number) {
    this.offset = new Uint32Array(capacity);
    this.length = new Uint32Array(capacity);
  }

  resize(capacity: number): void {
    this.offset = grown(this.offset, capacity);
    this.length = grown(this.length, capacity);
  }
}

export class ResourceTable implements ResourceColumns {
  count = 0;
  private capacity = 4;
  attributes = new RangeColumn(4);

  add(): number {
    const row = this.count;
    if (row === this.capacity) {
      this.capacity = nextCapacity(this.capacity);
      this.attributes.resize(this.capacity);
    }
    this.count = row + 1;
    return row;
  }
}

export class ScopeTable implements ScopeColumns {
  count = 0;
  private capacity = 4;
  name = new ByteRangeColumn(4);
  version = new ByteRangeColumn(4);
  attributes = new RangeColumn(4);

  add(): number {
    const row = this.count;
    if (row === this.capacity) {
      this.capacity = nextCapacity(this.capacity);
      this.name.resize(this.capacity);
      this.version.resize(this.capacity);
      this.attributes.resize(this.capacity);
    }
    this.count = row + 1;
    return row;
  }
}
