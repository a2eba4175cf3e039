import { ProtoWriter } from '../encode/proto-writer.js';
import { encodeScope } from '../encode/resource.js';
import type { Scope } from '../record/scope.js';
import type { Chunk } from './mailbox.js';
import type { Signal, SignalQueue } from './queue.js';
import type { SpareBuffers } from './spare-buffers.js';

/** A chunk of this size goes to the worker at once. */
const CHUNK_BYTES = 131_072;
/** Room for the record that goes beyond it. */
const LAST_RECORD_BYTES = 8192;

interface OpenChunk {
  readonly scope: Uint8Array;
  writer: ProtoWriter;
  count: number;
}

/** Main-thread end of one signal's queue: one open chunk per scope, handed over when large or when `ship` is called. */
export class ChunkQueue implements SignalQueue {
  private readonly chunks = new Map<Scope, OpenChunk>();
  private current: OpenChunk | undefined;
  private currentStart = 0;

  constructor(
    private readonly signal: Signal,
    private readonly hand: (chunk: Chunk) => void,
    /** Called when something is waiting that was not before. */
    private readonly onWaiting: () => void,
    private readonly spare: SpareBuffers,
  ) {}

  open(scope: Scope): ProtoWriter {
    let chunk = this.chunks.get(scope);
    if (chunk === undefined) {
      chunk = { scope: encodeScope(scope), writer: new ProtoWriter(), count: 0 };
      this.chunks.set(scope, chunk);
    }
    this.current = chunk;
    this.currentStart = chunk.writer.position;
    return chunk.writer;
  }

  commit(): void {
    const chunk = this.current;
    if (chunk === undefined) return;
    this.current = undefined;
    chunk.count++;
    if (chunk.writer.position >= CHUNK_BYTES) this.shipChunk(chunk);
    else this.onWaiting();
  }

  discard(): void {
    if (this.current !== undefined) this.current.writer.position = this.currentStart;
    this.current = undefined;
  }

  /** Hands over everything that waits. */
  ship(): void {
    for (const chunk of this.chunks.values()) if (chunk.count > 0) this.shipChunk(chunk);
  }

  private shipChunk(chunk: OpenChunk): void {
    const { scope, count } = chunk;
    const records = this.handOver(chunk);
    chunk.count = 0;
    this.hand({ signal: this.signal, scope, records, count });
  }

  /** The written bytes, in a buffer that may be transferred; cut to size when most of it is empty, for it may wait long. */
  private handOver(chunk: OpenChunk): Uint8Array<ArrayBuffer> {
    const { writer } = chunk;
    const { buffer, position } = writer;
    if (position * 2 < buffer.length) {
      writer.position = 0;
      return Uint8Array.prototype.slice.call(buffer, 0, position);
    }
    const size = Math.min(position + 4096, CHUNK_BYTES + LAST_RECORD_BYTES);
    chunk.writer = new ProtoWriter(this.spare.take() ?? size);
    return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, position);
  }
}
