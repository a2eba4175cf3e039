import type { Message } from './message.js';

/** Why a message did not reach its receiver; `retryable` when it may another time. Never carries an address or a key. */
export class NotifyError extends Error {
  readonly code = 'notify_failed';
  constructor(
    message: string,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'NotifyError';
  }
}

/**
 * Tells one receiver. Resolves once the receiver has taken the message, never earlier. The same message may come
 * twice (a crash between sending and remembering): it then carries the same keys.
 * @throws NotifyError
 */
export interface Notifier {
  send(message: Message, signal: AbortSignal): Promise<void>;
  /** Whether "acknowledged" means something to it. */
  readonly knowsAcknowledge: boolean;
  /** Gives back connections it holds. */
  close(): void;
}
