import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
const NO_SPAN_ID = '0'.repeat(16);

/** Random trace and span ids, lower-case hex. Bytes come from the system in bulk: one id costs a slice. */
export class RandomIds {
  private readonly pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  private position = POOL_BYTES;

  traceId(): string {
    return this.take(16);
  }

  spanId(): string {
    const id = this.take(8);
    return id === NO_SPAN_ID ? this.spanId() : id;
  }

  private take(bytes: number): string {
    if (this.position + bytes > POOL_BYTES) {
      randomFillSync(this.pool);
      this.position = 0;
    }
    const start = this.position;
    this.position += bytes;
    return this.pool.toString('hex', start, this.position);
  }
}
