import { z } from 'zod';
import type { Message } from './message.js';
import type { Notifier } from './notifier.js';
import { postJson } from './post-json.js';
import { receiverFields } from './receiver-fields.js';

/** PagerDuty Events API v2. */
export const PagerDutyReceiver = z.strictObject({
  type: z.literal('pagerduty'),
  ...receiverFields,
  severities: receiverFields.severities.default(['page']),
  routing_key: z.string().min(1).describe('The integration key.'),
  url: z.url({ protocol: /^https?$/ }).default('https://events.pagerduty.com/v2/enqueue'),
});

const severityOf = { page: 'critical', ticket: 'warning', info: 'info' } as const;

export function pagerDutyNotifier(receiver: z.infer<typeof PagerDutyReceiver>): Notifier {
  return {
    knowsAcknowledge: true,
    close: () => undefined,
    send: (message, signal) =>
      postJson(receiver.url, JSON.stringify(pagerDutyEvent(message, receiver.routing_key)), {}, signal),
  };
}

/** An event as the API wants it; texts are cut to its limits (summary 1024, dedup_key 255 characters). */
export function pagerDutyEvent(message: Message, routingKey: string): Record<string, unknown> {
  const head = { routing_key: routingKey, dedup_key: message.episodeKey.slice(0, 255) };
  if (message.kind === 'resolved') return { ...head, event_action: 'resolve' };
  if (message.kind === 'acknowledged') return { ...head, event_action: 'acknowledge' };
  return {
    ...head,
    event_action: 'trigger',
    client: 'Orrery',
    client_url: message.href,
    links: message.links.map(({ href, text }) => ({ href, text })),
    payload: {
      summary: message.subject.slice(0, 1024),
      source: message.check,
      severity: severityOf[message.severity],
      timestamp: message.since,
      component: message.check,
      group: message.owner,
      class: message.kind,
      custom_details: {
        what: message.sentence,
        since: message.since,
        affected: message.affected,
        owner: message.owner,
        runbook: message.runbook,
        page: message.text,
      },
    },
  };
}
