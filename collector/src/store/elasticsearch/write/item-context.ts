import { type ResourceFacts, resourceFacts } from '../../../project/resource-facts.js';
import type { ResourceColumns } from '../../../telemetry/attribute-columns.js';
import { AttributeWriter, type PatternedSource } from './attribute-document.js';
import type { AttributeKeys } from './attribute-keys.js';
import type { DocumentBatch } from './document-batch.js';
import { JsonBytes } from './json-bytes.js';
import { type JsonPiece, jsonPiece } from './json-piece.js';

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
  /** The beginning of an action line, without the index and with it. */
  readonly #action: JsonPiece;
  readonly #actionElsewhere: JsonPiece;
  readonly #arrival: JsonPiece;
  readonly #resources: JsonPiece[];
  readonly #facts: ResourceFacts[];
  readonly source: PatternedSource;
  readonly target: TargetIndex;

  constructor(
    target: TargetIndex,
    source: PatternedSource & { resources: ResourceColumns },
    log: string,
    position: number,
  ) {
    this.target = target;
    this.source = source;
    this.#facts = resourceFacts(source);
    const id = `"_id":"${documentId(log, position)}-`;
    this.#action = jsonPiece(`{"create":{${id}`);
    this.#actionElsewhere = jsonPiece(`{"create":{"_index":${JSON.stringify(target.index)},${id}`);
    this.#arrival = jsonPiece(`,"log":${JSON.stringify(log)},"position":${position},"attributes":`);
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
      return jsonPiece(out.bytes.subarray(0, out.length));
    });
  }

  /** The action line of a row, and an opened document with its place in the log and the attributes `[from, to)`. */
  open(batch: DocumentBatch, row: number, from: number, to: number): void {
    batch.begin();
    const { out } = batch;
    out.put(batch.isFor(this.target.index) ? this.#action : this.#actionElsewhere);
    out.digits(row, 0);
    out.put(ACTION_END);
    out.digits(row, 0);
    out.put(this.#arrival);
    this.target.attributes.write(out, this.source, from, to);
  }

  /** What the resource says; ends the document. */
  close(batch: DocumentBatch, resource: number): void {
    batch.out.put(this.#resources[resource] ?? EMPTY);
    batch.out.byte(0x7d);
    batch.end();
  }
}

const EMPTY = jsonPiece('');
const ACTION_END = jsonPiece('"}}\n{"row":');

/** Part of every id that a record's documents have in common. */
export function documentId(log: string, position: number): string {
  return `${log}-${position.toString(36)}`;
}
