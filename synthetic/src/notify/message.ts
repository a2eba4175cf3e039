import type { Alert, Notification } from '@orrery/collector/api';

/** One thing to tell somebody, before it is put into a receiver's own form. */
export interface Message {
  readonly kind: Notification['kind'];
  /** The same for everything that belongs to one episode of one alert: PagerDuty's `dedup_key`. */
  readonly episodeKey: string;
  /** The same whenever this very message is sent again. */
  readonly idempotencyKey: string;
  readonly check: string;
  readonly severity: Alert['severity'];
  /** One line: what. */
  readonly subject: string;
  /** What, since when, how many are affected, where to look. */
  readonly text: string;
  readonly sentence: string;
  readonly affected: string;
  /** When it began, ISO 8601. */
  readonly since: string;
  readonly owner: string;
  readonly runbook: string;
  readonly acknowledgedBy: string;
  /** The alert's own page. */
  readonly href: string;
  readonly links: readonly { readonly text: string; readonly href: string }[];
}
