import type { BulkSender } from './bulk-sender.js';
import { type Refused, refusedItem } from './dead-letters.js';
import type { DocumentBatch } from './document-batch.js';
import type { SpareBatches } from './spare-batches.js';

/** A few bulk requests under way; whoever makes more documents waits for room, so memory stays bounded. */
export class SendQueue {
  readonly #sender: BulkSender;
  readonly #signal: AbortSignal;
  readonly #most: number;
  readonly #spare: SpareBatches;
  readonly #refused: Refused[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #waiting: DocumentBatch[] = [];
  #failure: { error: unknown } | null = null;

  constructor(sender: BulkSender, spare: SpareBatches, most: number, signal: AbortSignal) {
    this.#sender = sender;
    this.#spare = spare;
    this.#most = most;
    this.#signal = signal;
  }

  add(batch: DocumentBatch): void {
    if (batch.count === 0) return;
    this.#waiting.push(batch);
    this.#start();
  }

  /** Resolves once nothing waits for its turn; rejects when a request has failed. */
  async room(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#failure) await Promise.race(this.#underWay);
    if (this.#failure) throw this.#failure.error;
  }

  /** Resolves once every document has its outcome, with those that were refused. */
  async drained(): Promise<Refused[]> {
    while (this.#underWay.size > 0 && !this.#failure) await Promise.race(this.#underWay);
    if (this.#failure) throw this.#failure.error;
    return this.#refused;
  }

  /** Resolves once no request is under way, whatever became of them. */
  async settled(): Promise<void> {
    this.#waiting.length = 0;
    while (this.#underWay.size > 0) await Promise.race(this.#underWay);
  }

  #start(): void {
    while (this.#underWay.size < this.#most && !this.#failure) {
      const batch = this.#waiting.shift();
      if (!batch) return;
      const sent = this.#send(batch).finally(() => {
        this.#underWay.delete(sent);
        this.#start();
      });
      this.#underWay.add(sent);
    }
  }

  async #send(batch: DocumentBatch): Promise<void> {
    try {
      const outcomes = await this.#sender.send(batch, false, this.#signal);
      outcomes.forEach((outcome, place) => {
        if (!outcome || outcome.status < 300 || outcome.status === 409) return;
        this.#refused.push(refusedItem(outcome.reason, batch.bytesOf(place).toString('utf8'), batch.index ?? ''));
      });
      this.#spare.give(batch);
    } catch (error) {
      this.#failure ??= { error };
    }
  }
}
