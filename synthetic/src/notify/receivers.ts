import type { Alert } from '@orrery/collector/api';
import { z } from 'zod';
import { EmailReceiver, emailNotifier } from './email.js';
import type { Notifier } from './notifier.js';
import { PagerDutyReceiver, pagerDutyNotifier } from './pagerduty.js';
import { SlackReceiver, slackNotifier } from './slack.js';
import { WebhookReceiver, webhookNotifier } from './webhook.js';

const ReceiverConfig = z.discriminatedUnion('type', [WebhookReceiver, EmailReceiver, PagerDutyReceiver, SlackReceiver]);
type ReceiverConfig = z.infer<typeof ReceiverConfig>;

/** `notify:` in the configuration: receivers by name. */
export const NotifyConfig = z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/), ReceiverConfig).default({});
export type NotifyConfig = z.infer<typeof NotifyConfig>;

/** Somebody who can be told. */
export interface Receiver {
  readonly name: string;
  readonly notifier: Notifier;
  /** Whether it is to be told of this alert. */
  wants(alert: Pick<Alert, 'severity' | 'check'>, kind: 'firing' | 'no_data'): boolean;
}

export function createReceivers(config: NotifyConfig): Receiver[] {
  return Object.entries(config).map(([name, receiver]) => ({
    name,
    notifier: createNotifier(receiver),
    wants: (alert, kind) =>
      receiver.severities.includes(alert.severity) &&
      (kind === 'firing' || receiver.no_data) &&
      receiver.checks.some((pattern) => globMatches(pattern, alert.check)),
  }));
}

/** Everything in the configuration that must never be printed. */
export function secretsOf(config: NotifyConfig): string[] {
  return Object.values(config).flatMap((receiver) => {
    switch (receiver.type) {
      case 'webhook':
        return [receiver.url, receiver.secret ?? '', ...Object.values(receiver.headers)];
      case 'pagerduty':
        return [receiver.routing_key];
      case 'slack':
        return [receiver.url];
      case 'email':
        return [receiver.smtp, decodeURIComponent(new URL(receiver.smtp).password)];
    }
  });
}

/** Whether a pattern, in which `*` stands for any run of characters, is the whole name. */
export function globMatches(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((part) => part.replaceAll(/[^\w]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(name);
}

function createNotifier(receiver: ReceiverConfig): Notifier {
  switch (receiver.type) {
    case 'webhook':
      return webhookNotifier(receiver);
    case 'email':
      return emailNotifier(receiver);
    case 'pagerduty':
      return pagerDutyNotifier(receiver);
    case 'slack':
      return slackNotifier(receiver);
  }
}
