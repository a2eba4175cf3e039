import { Refusal } from './refusal.js';

/** Seconds after which a sender may try again: bodies leave within a moment. */
const BUSY_SECONDS = 1;

/** What one request holds of the budget; to be ended exactly once. */
export interface ByteLease {
  /** @throws Refusal 503 when more would then be held by this request than is left for all others. */
  take(bytes: number): void;
  end(): void;
}

/**
 * Bounds the bytes of all bodies in memory, from the first chunk to the answer. A request may hold no more than is left
 * besides: so when large bodies have taken much, the rest stays for small ones.
 */
export class ByteBudget {
  private readonly maxBytes: number;
  private taken = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  lease(): ByteLease {
    let held = 0;
    return {
      take: (bytes) => {
        if (held + bytes > this.maxBytes - this.taken - bytes) {
          const message = 'Too much is being received at once.';
          throw new Refusal('busy', 503, message, { retryAfterSeconds: BUSY_SECONDS });
        }
        this.taken += bytes;
        held += bytes;
      },
      end: () => {
        this.taken -= held;
        held = 0;
      },
    };
  }
}
