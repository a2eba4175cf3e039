import type { Alert, Notification } from '@orrery/collector/api';
import type { Logger } from 'pino';
import type { Message } from '../notify/message.js';
import { type Notifier, NotifyError } from '../notify/notifier.js';
import type { Receiver } from '../notify/receivers.js';
import { backoff } from '../schedule/backoff.js';
import { nanoText } from './alert-record.js';
import { composeMessage } from './page-text.js';
import { nextToSend } from './plan-notifications.js';

const SEND_TIMEOUT_MS = 10_000;
/** Tries for a day, with a minute between them at most. */
const ATTEMPT_LIMIT = 1500;

export interface DeliveryParts {
  readonly receivers: readonly Receiver[];
  readonly dashboard: string;
  readonly log: Logger;
}

/** Sends what waits in an alert's trail, one message a receiver at a time, and remembers when to try again. */
export class Delivery {
  readonly #parts: DeliveryParts;
  /** Unix milliseconds, by the id of the notification. */
  readonly #due = new Map<string, number>();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** When the next try is due; null when none is. */
  get nextDue(): number | null {
    return this.#due.size === 0 ? null : Math.min(...this.#due.values());
  }

  /** Tries what is due, and gives the entries of the trail as they are after it. */
  async sendDue(alert: Alert): Promise<Notification[]> {
    const waiting = nextToSend(alert.notifications);
    const ids = new Set(waiting.map(({ id }) => id));
    // What was called off must not wake anybody.
    for (const id of this.#due.keys()) if (!ids.has(id)) this.#due.delete(id);
    const now = Date.now();
    const due = waiting.filter(({ id }) => (this.#due.get(id) ?? 0) <= now);
    return Promise.all(due.map((notification) => this.#sendOne(alert, notification)));
  }

  async #sendOne(alert: Alert, notification: Notification): Promise<Notification> {
    const { receivers, dashboard, log } = this.#parts;
    this.#due.delete(notification.id);
    const receiver = receivers.find(({ name }) => name === notification.receiver);
    if (!receiver) return { ...notification, outcome: 'failed', error: 'there is no such receiver any more' };
    const attempts = notification.attempts + 1;
    const tried = { ...notification, at: nanoText(Date.now()), attempts };
    try {
      await sendWithin(receiver.notifier, composeMessage(alert, notification, dashboard, Date.now()));
      return { ...tried, outcome: 'sent', error: '' };
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, 512);
      const final = (error instanceof NotifyError && !error.retryable) || attempts >= ATTEMPT_LIMIT;
      if (!final) this.#due.set(notification.id, Date.now() + backoff(attempts));
      log.warn({ alert: alert.id, receiver: receiver.name, attempts, final, reason }, 'a message was not taken');
      return { ...tried, outcome: final ? 'failed' : 'waiting', error: reason };
    }
  }
}

async function sendWithin(notifier: Notifier, message: Message): Promise<void> {
  const signal = AbortSignal.timeout(SEND_TIMEOUT_MS);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new NotifyError('did not answer in time', true)), { once: true });
  });
  await Promise.race([notifier.send(message, signal), late]);
}
