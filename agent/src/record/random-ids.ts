import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
/** Made into text at once. Ids are pieces of such texts and hold on to them, so they are short. */
const TEXT_BYTES = 256;
const NO_SPAN_ID = '0'.repeat(16);

/** Random trace and span ids, lower-case hex. Bytes come from the system in bulk, and text of some ids from them: one costs a slice. */
export class RandomIds {
  private readonly pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  private position = POOL_BYTES;
  private text = '';
  private at = 0;

  traceId(): string {
    return this.take(16);
  }

  spanId(): string {
    const id = this.take(8);
    return id === NO_SPAN_ID ? this.spanId() : id;
  }

  private take(bytes: number): string {
    if (this.at + bytes * 2 > this.text.length) this.refill();
    const start = this.at;
    this.at += bytes * 2;
    return this.text.slice(start, this.at);
  }

  private refill(): void {
    if (this.position === POOL_BYTES) {
      randomFillSync(this.pool);
      this.position = 0;
    }
    const start = this.position;
    this.position += TEXT_BYTES;
    this.text = this.pool.toString('hex', start, this.position);
    this.at = 0;
  }
}
