import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Message } from './message.js';
import type { Notifier } from './notifier.js';
import { postJson } from './post-json.js';
import { receiverFields } from './receiver-fields.js';

export const WebhookReceiver = z.strictObject({
  type: z.literal('webhook'),
  ...receiverFields,
  url: z.url({ protocol: /^https?$/ }),
  secret: z.string().min(1).optional().describe('Signs every message: see signatureOf.'),
  headers: z.record(z.string(), z.string()).default({}),
});

export function webhookNotifier(receiver: z.infer<typeof WebhookReceiver>): Notifier {
  return {
    knowsAcknowledge: true,
    close: () => undefined,
    async send(message, signal) {
      const body = JSON.stringify(webhookBody(message));
      const headers: Record<string, string> = { ...receiver.headers, 'idempotency-key': message.idempotencyKey };
      if (receiver.secret !== undefined) {
        const time = String(Math.floor(Date.now() / 1000));
        headers['x-orrery-timestamp'] = time;
        headers['x-orrery-signature'] = signatureOf(receiver.secret, time, body);
      }
      await postJson(receiver.url, body, headers, signal);
    },
  };
}

/** `sha256=<hex>` of HMAC-SHA256 over `<timestamp>.<body>`: the time is signed, so an old message cannot be replayed. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

function webhookBody(message: Message): Record<string, unknown> {
  return {
    version: 1,
    kind: message.kind,
    key: message.episodeKey,
    check: message.check,
    severity: message.severity,
    title: message.subject,
    sentence: message.sentence,
    affected: message.affected,
    since: message.since,
    owner: message.owner,
    runbook: message.runbook,
    acknowledged_by: message.acknowledgedBy,
    href: message.href,
    links: message.links,
    text: message.text,
  };
}
