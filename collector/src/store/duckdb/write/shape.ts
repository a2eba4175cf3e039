import { type AttributeSource, attributeKey, bytesEqual } from '../../../decode/text.js';

/** A run of attribute keys with their types, as it repeats on every span of the same make. */
export interface Shape {
  id: number;
  keys: string[];
  types: number[];
  /** Place of each value in `vals`, from 1; 0 for a promoted attribute. */
  places: number[];
  /** Index into the promoted attributes, or -1. */
  promoted: Int16Array;
  encodedKeys: Buffer[];
}

/** Past this many, a sender makes up keys: its odd shapes are then not remembered for comparison, only stored. */
const REMEMBERED = 50_000;

/**
 * Finds the shape of a row's attributes by comparing bytes. A slice opened again starts with no remembered shapes and
 * numbers on: the same shape may then have two ids, which costs a few bytes and nothing else.
 */
export class ShapeTable {
  readonly #promoted: Map<string, number>;
  readonly #nextId: () => number;
  readonly #byHash = new Map<number, Shape[]>();
  #remembered = 0;
  #added: Shape[] = [];
  #last: Shape | null = null;

  constructor(promoted: readonly string[], nextId: () => number) {
    this.#promoted = new Map(promoted.map((key, index) => [key, index]));
    this.#nextId = nextId;
  }

  of(source: AttributeSource, from: number, to: number): Shape {
    if (this.#last && matches(this.#last, source, from, to)) return this.#last;
    const hash = hashOf(source, from, to);
    const known = this.#byHash.get(hash)?.find((shape) => matches(shape, source, from, to));
    this.#last = known ?? this.#add(hash, source, from, to);
    return this.#last;
  }

  takeAdded(): Shape[] {
    const added = this.#added;
    this.#added = [];
    return added;
  }

  #add(hash: number, source: AttributeSource, from: number, to: number): Shape {
    const keys: string[] = [];
    const types: number[] = [];
    const places: number[] = [];
    const promoted = new Int16Array(to - from).fill(-1);
    let place = 0;
    for (let row = from; row < to; row++) {
      const key = attributeKey(source, row);
      const column = this.#promoted.get(key);
      // Of a key that stands twice the first counts; the second stays among the others.
      const takesColumn = column !== undefined && !keys.includes(key);
      if (takesColumn) promoted[row - from] = column;
      places.push(takesColumn ? 0 : ++place);
      keys.push(key);
      types.push(source.attributes.type[row] as number);
    }
    const encodedKeys: Buffer[] = [];
    for (let row = from; row < to; row++) {
      const offset = source.attributes.keyOffset[row] as number;
      encodedKeys.push(
        Buffer.from(source.bytes.subarray(offset, offset + (source.attributes.keyLength[row] as number))),
      );
    }
    const shape: Shape = { id: this.#nextId(), keys, types, places, promoted, encodedKeys };
    this.#added.push(shape);
    if (this.#remembered < REMEMBERED) {
      this.#remembered += 1;
      const others = this.#byHash.get(hash);
      if (others) others.push(shape);
      else this.#byHash.set(hash, [shape]);
    }
    return shape;
  }
}

function matches(shape: Shape, { bytes, attributes }: AttributeSource, from: number, to: number): boolean {
  if (shape.encodedKeys.length !== to - from) return false;
  for (let row = from; row < to; row++) {
    const key = shape.encodedKeys[row - from] as Buffer;
    if (attributes.keyLength[row] !== key.length || attributes.type[row] !== shape.types[row - from]) return false;
    if (!bytesEqual(bytes, attributes.keyOffset[row] as number, key)) return false;
  }
  return true;
}

function hashOf({ bytes, attributes }: AttributeSource, from: number, to: number): number {
  let hash = to - from;
  for (let row = from; row < to; row++) {
    const offset = attributes.keyOffset[row] as number;
    const length = attributes.keyLength[row] as number;
    const mark =
      length === 0 ? 0 : ((bytes[offset + length - 1] as number) << 8) | (bytes[offset + (length >> 1)] as number);
    hash = Math.imul(hash ^ mark ^ (length << 16) ^ ((attributes.type[row] as number) << 24), 0x01000193);
  }
  return hash;
}
