/** More would lie there for nothing: so many are under way when a service is as busy as it can be. */
const MOST = 4;
/** What a quiet service sends is cut to size, and too small to be written into again. */
const SMALLEST_BYTES = 65_536;

/**
 * Buffers that the worker has read and gave back, for the chunks to come. Left to the worker's garbage collector, which has
 * little to do and so hardly runs, they would be most of the memory that the agent takes.
 */
export class SpareBuffers {
  private readonly buffers: Buffer[] = [];

  take(): Buffer | undefined {
    return this.buffers.pop();
  }

  give(memory: ArrayBuffer): void {
    if (memory.byteLength >= SMALLEST_BYTES && this.buffers.length < MOST) this.buffers.push(Buffer.from(memory));
  }
}
