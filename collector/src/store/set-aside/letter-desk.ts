import type {
  DeadLetter,
  DeadLetterDetail,
  DeadLetterList,
  DeadLetterListQuery,
  ReplayOutcome,
} from '../../api/contract/index.js';

/**
 * What was set aside, for people: every store answers alike. Asked of the store process, the only one that stores.
 * Replaying is exactly once: whatever dies in between, the content is stored once and the letter is gone in the end.
 */
export interface LetterDesk {
  /** @throws StoreError `cursor_invalid`. */
  list(question: DeadLetterListQuery, signal: AbortSignal): Promise<DeadLetterList>;
  /** Null when there is no such letter. */
  show(id: string, signal: AbortSignal): Promise<DeadLetterDetail | null>;
  /**
   * Stores what the letter holds as if it had never been refused, and removes the letter. When it is refused again, the
   * letter stays. Null when there is no such letter.
   */
  replay(id: string, signal: AbortSignal): Promise<ReplayOutcome | null>;
  /** Removes the letter with what it holds. False when there is none. */
  drop(id: string, signal: AbortSignal): Promise<boolean>;
}

/** Letters of one place, newest first; a desk lists those of all places one after the other. */
export interface LetterPlace {
  /** Begins every id of this place. */
  prefix: string;
  count(signal: AbortSignal): Promise<number>;
  groups(signal: AbortSignal): Promise<Map<string, number>>;
  /** Up to `limit` letters behind `after`, of one group unless that is empty; `next` is null at the end. */
  page(
    question: { group: string; after: string | null; limit: number },
    signal: AbortSignal,
  ): Promise<{ letters: DeadLetter[]; next: string | null }>;
  show(id: string, signal: AbortSignal): Promise<DeadLetterDetail | null>;
  replay(id: string, signal: AbortSignal): Promise<ReplayOutcome | null>;
  drop(id: string, signal: AbortSignal): Promise<boolean>;
}

/** What a reason is about, without the numbers and names that differ from letter to letter. */
export function groupOf(reason: string): string {
  return reason
    .replaceAll(/"[^"]*"|'[^']*'|\[[^\]]*\]/g, '…')
    .replaceAll(/\d+/g, '…')
    .slice(0, 160);
}
