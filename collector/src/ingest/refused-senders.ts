import type { RefusalReason } from '../receive/refusal.js';

/** How often one service was refused for one reason. */
export interface RefusedSender {
  /** Empty: the request was refused before anybody could know. */
  service: string;
  reason: RefusalReason;
  requests: number;
  /** Unix milliseconds. */
  lastMs: number;
}

/** Pairs of service and reason that are told apart; what is beyond counts under {@link OTHERS}. */
const MAX_PAIRS = 200;
const OTHERS = '(others)';

/** Counts refusals by service and reason, bounded: names come from outside. */
export class RefusedSenders {
  private readonly pairs = new Map<string, RefusedSender>();

  count(service: string, reason: RefusalReason, nowMs: number): void {
    const known = this.pairs.get(`${reason} ${service}`);
    if (known === undefined && service !== OTHERS && this.pairs.size >= MAX_PAIRS) {
      this.count(OTHERS, reason, nowMs);
      return;
    }
    const pair = known ?? { service, reason, requests: 0, lastMs: nowMs };
    pair.requests++;
    pair.lastMs = nowMs;
    this.pairs.set(`${reason} ${service}`, pair);
  }

  /** Most often refused first. */
  all(): RefusedSender[] {
    return [...this.pairs.values()].toSorted((a, b) => b.requests - a.requests);
  }
}
