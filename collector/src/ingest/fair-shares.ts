import { Refusal } from '../receive/refusal.js';

/** What the log holds now: what {@link FairShares} divides. */
export interface LogOccupancy {
  bytes: number;
  maxBytes: number;
  /** Position behind the last record. */
  end: number;
  /** Position up to which the store needs nothing. */
  released: number;
}

/** Bytes of one sender on their way into the log. One of the two is called once. */
export interface Charge {
  /** They are in the log now. */
  logged(): void;
  /** They are not and will not be. */
  undo(): void;
}

/** Seconds after which a sender over its share may try again: SDKs give up on what they may not send within ten. */
const RETRY_SECONDS = 2;
/** Parts in which the log's bytes are remembered by sender. */
const PARTS = 128;
/** Senders that are known by name; all others share one share, so that inventing names gets nobody more. */
const MAX_SENDERS = 1000;
const OTHERS = '\0others';

/** A piece of the log, and whose bytes are in it. */
interface Part {
  from: number;
  to: number;
  bytes: Map<string, number>;
}

/**
 * Divides the log among senders while the store is behind: of what waits in it, one sender may have no more than what is
 * still free (the dynamic thresholds that shared-memory switches use, Choudhury and Hahne 1998, with a factor of one). A
 * sender alone gets half of the log, two get a third each, and so on; there is always room for whoever sends little.
 * While the store keeps up nothing waits, and nobody is refused.
 */
export class FairShares {
  private readonly occupancy: () => LogOccupancy;
  private readonly waiting = new Map<string, number>();
  private readonly parts: Part[] = [];

  constructor(occupancy: () => LogOccupancy) {
    this.occupancy = occupancy;
  }

  /**
   * Counts `bytes` as the sender's, until the store has released them or the charge is undone.
   * @throws Refusal `over_share`, 429, when the sender would have more waiting than is free; `log_full`, 503, when it has
   * nothing waiting and there is no room even so.
   */
  take(sender: string, bytes: number): Charge {
    const log = this.occupancy();
    this.release(log.released);
    const name = this.waiting.has(sender) || this.waiting.size < MAX_SENDERS ? sender : OTHERS;
    const waiting = this.waiting.get(name) ?? 0;
    const free = Math.max(0, log.maxBytes - log.bytes - bytes);
    // Alone in the log anything may pass: what is larger than half of it never could otherwise.
    if (this.waiting.size > 0 && waiting + bytes > free)
      throw waiting === 0 ? logFull(log, sender) : overShare(sender, name, waiting, free);
    this.waiting.set(name, waiting + bytes);
    return {
      logged: () => this.remember(name, bytes),
      undo: () => this.giveBack(name, bytes),
    };
  }

  private remember(name: string, bytes: number): void {
    const { end, maxBytes } = this.occupancy();
    let part = this.parts.at(-1);
    if (part === undefined || end - part.from > maxBytes / PARTS) {
      part = { from: part?.to ?? end, to: end, bytes: new Map() };
      this.parts.push(part);
    }
    part.to = end;
    part.bytes.set(name, (part.bytes.get(name) ?? 0) + bytes);
  }

  private release(released: number): void {
    while (this.parts.length > 0 && this.parts[0]!.to <= released) {
      for (const [name, bytes] of this.parts.shift()!.bytes) this.giveBack(name, bytes);
    }
  }

  private giveBack(name: string, bytes: number): void {
    const left = (this.waiting.get(name) ?? 0) - bytes;
    if (left > 0) this.waiting.set(name, left);
    else this.waiting.delete(name);
  }
}

function overShare(sender: string, name: string, waiting: number, free: number): Refusal {
  const who =
    name === OTHERS ? 'Senders that are not known by name have' : `${JSON.stringify(sender.slice(0, 100))} has`;
  const message = `${who} ${waiting} bytes waiting to be stored, and no more than ${free} are left for all.`;
  return new Refusal('over_share', 429, message, { retryAfterSeconds: RETRY_SECONDS, sender });
}

function logFull({ bytes, maxBytes }: LogOccupancy, sender: string): Refusal {
  const message = `The log holds ${bytes} of ${maxBytes} bytes: the store has not caught up.`;
  return new Refusal('log_full', 503, message, { retryAfterSeconds: RETRY_SECONDS, sender });
}
