import type { AttributeSource } from '../../../decode/text.js';
import { type ResourceFacts, resourceFacts } from '../../../project/resource-facts.js';
import type { ResourceColumns } from '../../../telemetry/attribute-columns.js';
import { AttributeWriter } from './attribute-document.js';
import type { AttributeKeys } from './attribute-keys.js';
import type { DocumentBatch } from './document-batch.js';
import { JsonBytes } from './json-bytes.js';

/** What documents of one index share. */
export interface TargetIndex {
  index: string;
  attributes: AttributeWriter;
  resources: AttributeWriter;
}

export function targetIndex(index: string, attributes: AttributeKeys, resources: AttributeKeys): TargetIndex {
  return { index, attributes: new AttributeWriter(attributes), resources: new AttributeWriter(resources) };
}

/** The parts of a document that are equal for a whole record or resource, made once. */
export class ItemContext {
  readonly #action: Buffer;
  readonly #arrival: Buffer;
  readonly #resources: Buffer[];
  readonly #facts: ResourceFacts[];
  readonly source: AttributeSource;
  readonly target: TargetIndex;

  constructor(
    target: TargetIndex,
    source: AttributeSource & { resources: ResourceColumns },
    log: string,
    position: number,
  ) {
    this.target = target;
    this.source = source;
    this.#facts = resourceFacts(source);
    this.#action = Buffer.from(
      `{"create":{"_index":${JSON.stringify(target.index)},"_id":"${documentId(log, position)}-`,
    );
    this.#arrival = Buffer.from(`,"log":${JSON.stringify(log)},"position":${position},"attributes":`);
    const { from, to } = source.resources.attributes;
    this.#resources = this.#facts.map((facts, row) => {
      const out = new JsonBytes(1024);
      for (const name of ['service', 'environment', 'instance', 'host'] as const) {
        if (facts[name] === '') continue;
        out.ascii(`,"${name}":`);
        out.string(facts[name]);
      }
      out.ascii(',"resource":');
      target.resources.write(out, source, from[row]!, to[row]!);
      return Buffer.from(out.bytes.subarray(0, out.length));
    });
  }

  /** The action line of a row, and an opened document with its place in the log and the attributes `[from, to)`. */
  open(batch: DocumentBatch, row: number, from: number, to: number): void {
    batch.begin();
    const { out } = batch;
    out.raw(this.#action);
    out.digits(row, 0);
    out.raw(ACTION_END);
    out.digits(row, 0);
    out.raw(this.#arrival);
    this.target.attributes.write(out, this.source, from, to);
  }

  /** What the resource says; ends the document. */
  close(batch: DocumentBatch, resource: number): void {
    batch.out.raw(this.#resources[resource] ?? EMPTY);
    batch.out.byte(0x7d);
    batch.end();
  }
}

const EMPTY = Buffer.alloc(0);
const ACTION_END = Buffer.from('"}}\n{"row":');

/** Part of every id that a record's documents have in common. */
export function documentId(log: string, position: number): string {
  return `${log}-${position.toString(36)}`;
}
