import { ProtoWriter } from '../encode/proto-writer.js';
import type { Chunk } from './mailbox.js';

/** Requests stay below this, well under what collectors accept. */
const REQUEST_BYTES = 1_048_576;
const RESOURCE_RECORDS = 10;
const SCOPE_RECORDS = 18;

/** One request's body and how much of the queue it stands for. */
export interface Parcel {
  /** Written over by the next `take`. */
  readonly body: Buffer;
  /** Memory of the chunks in it, read and of no more use here. */
  readonly spent: ArrayBuffer[];
  readonly records: number;
  readonly queuedBytes: number;
}

/** Chunks of one signal waiting in the worker, oldest first. */
export class Outbox {
  private chunks: Chunk[] = [];
  private bytes = 0;
  private readonly writer = new ProtoWriter();

  add(chunk: Chunk): void {
    this.chunks.push(chunk);
    this.bytes += chunk.records.length;
  }

  /** Whether at least so many bytes wait. */
  holds(bytes: number): boolean {
    return this.bytes >= bytes;
  }

  isEmpty(): boolean {
    return this.chunks.length === 0;
  }

  /** Takes the oldest chunks, as many as fit one request, as an Export…ServiceRequest with one resource. */
  take(resource: Uint8Array): Parcel | undefined {
    let fitting = 0;
    let queuedBytes = 0;
    let records = 0;
    for (const chunk of this.chunks) {
      if (fitting > 0 && queuedBytes + chunk.records.length > REQUEST_BYTES) break;
      fitting++;
      queuedBytes += chunk.records.length;
      records += chunk.count;
    }
    if (fitting === 0) return undefined;
    const taken = this.chunks.splice(0, fitting);
    this.bytes -= queuedBytes;
    const body = assemble(this.writer, resource, taken, queuedBytes);
    return { body, spent: taken.map((chunk) => chunk.records.buffer), records, queuedBytes };
  }
}

/** Chunks of the same scope are joined under one `Scope…`. */
function assemble(writer: ProtoWriter, resource: Uint8Array, chunks: readonly Chunk[], bytes: number): Buffer {
  const byScope = new Map<string, Chunk[]>();
  for (const chunk of chunks) {
    const key = Buffer.from(chunk.scope).toString('latin1');
    const same = byScope.get(key);
    if (same === undefined) byScope.set(key, [chunk]);
    else same.push(chunk);
  }
  writer.position = 0;
  writer.reserve(bytes + resource.length + 4096);
  const outer = writer.open(RESOURCE_RECORDS, 3);
  writer.raw(resource);
  for (const same of byScope.values()) {
    const inner = writer.open(SCOPE_RECORDS, 3);
    const [first] = same;
    if (first !== undefined) writer.raw(first.scope);
    for (const chunk of same) writer.raw(chunk.records);
    writer.close(inner, 3);
  }
  writer.close(outer, 3);
  return writer.buffer.subarray(0, writer.position);
}
