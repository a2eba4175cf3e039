import type { SpanCategory } from '../../../api/contract/index.js';
import { attributeText } from '../../../decode/text.js';
import { KnownKeys } from '../../../project/known-keys.js';
import { CATEGORY_KEYS } from '../../../project/trace/span-category.js';
import { type AttributeColumns, AttributeType } from '../../../telemetry/attribute-columns.js';
import { Name } from '../../../telemetry/vocabulary.js';

const KEYS = {
  correlationId: Name.correlationId,
  sagaId: Name.sagaId,
  synthetic: Name.synthetic,
} as const;

type Slot = keyof typeof KEYS | SpanCategory;

const SLOTS = { ...KEYS, ...Object.fromEntries(CATEGORY_KEYS) } as Record<Slot, string | readonly string[]>;

/** Reads, of one item after the other, the attributes that have a column of their own. */
export class ItemColumns {
  readonly #keys = new KnownKeys<Slot>(SLOTS);
  #source: { bytes: Uint8Array; attributes: AttributeColumns };

  constructor(source: { bytes: Uint8Array; attributes: AttributeColumns }) {
    this.#source = source;
  }

  at(from: number, to: number): void {
    this.#keys.locate(this.#source.bytes, this.#source.attributes, from, to);
  }

  text(slot: 'correlationId' | 'sagaId'): string {
    const row = this.#keys.row(slot);
    return row === -1 ? '' : attributeText(this.#source, row);
  }

  get synthetic(): boolean {
    const row = this.#keys.row('synthetic');
    if (row === -1) return false;
    const { attributes } = this.#source;
    return attributes.type[row] === AttributeType.boolean
      ? attributes.number[row] === 1
      : attributeText(this.#source, row) === 'true';
  }

  get category(): SpanCategory {
    return CATEGORY_KEYS.find(([category]) => this.#keys.row(category) !== -1)?.[0] ?? 'internal';
  }
}
