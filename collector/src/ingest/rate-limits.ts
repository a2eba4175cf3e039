import { Refusal } from '../receive/refusal.js';

/** A sender that was silent may send so many seconds' worth at once. */
const BURST_SECONDS = 10;
/** Senders with a bucket of their own; beyond, the one that was full longest is forgotten. */
const MAX_SENDERS = 10_000;

interface Bucket {
  bytes: number;
  atMs: number;
}

/** Bounds what one service may send, by bytes per second; nothing is bounded where 0 is configured. */
export class RateLimits {
  private readonly everyone: number;
  private readonly named: ReadonlyMap<string, number>;
  private readonly buckets = new Map<string, Bucket>();

  constructor(everyone: number, named: Readonly<Record<string, number>>) {
    this.everyone = everyone;
    this.named = new Map(Object.entries(named));
  }

  /** @throws Refusal `rate_limited`, 429, with the seconds after which so many bytes are allowed. */
  take(sender: string, bytes: number, nowMs: number): void {
    const rate = this.named.get(sender) ?? this.everyone;
    if (rate === 0) return;
    const most = rate * BURST_SECONDS;
    const before = this.buckets.get(sender) ?? { bytes: most, atMs: nowMs };
    const bucket = {
      bytes: Math.min(most, before.bytes + (Math.max(0, nowMs - before.atMs) * rate) / 1000),
      atMs: nowMs,
    };
    // A body larger than a whole bucket passes when the bucket is full: else it never could.
    const needed = Math.min(bytes, most);
    if (bucket.bytes < needed) {
      const seconds = Math.max(1, Math.ceil((needed - bucket.bytes) / rate));
      const message = `${JSON.stringify(sender.slice(0, 100))} sends more than the ${rate} bytes per second it is allowed.`;
      throw new Refusal('rate_limited', 429, message, { retryAfterSeconds: seconds, sender });
    }
    bucket.bytes -= bytes;
    // Last in the order of the map, so that the first is the one that was silent longest.
    this.buckets.delete(sender);
    this.buckets.set(sender, bucket);
    if (this.buckets.size > MAX_SENDERS) this.buckets.delete(this.buckets.keys().next().value!);
  }
}
