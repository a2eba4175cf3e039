import { z } from 'zod';
import type { Message } from './message.js';
import type { Notifier } from './notifier.js';
import { postJson } from './post-json.js';
import { receiverFields } from './receiver-fields.js';

/** A Slack incoming webhook, and what speaks its form (Mattermost, Rocket.Chat). */
export const SlackReceiver = z.strictObject({
  type: z.literal('slack'),
  ...receiverFields,
  url: z.url({ protocol: /^https?$/ }),
});

export function slackNotifier(receiver: z.infer<typeof SlackReceiver>): Notifier {
  return {
    knowsAcknowledge: false,
    close: () => undefined,
    send: (message, signal) => postJson(receiver.url, JSON.stringify({ text: slackText(message) }), {}, signal),
  };
}

function slackText(message: Message): string {
  const links = message.links.map(({ text, href }) => `• <${href}|${escaped(text)}>`);
  return [`*${escaped(message.subject)}*`, escaped(message.sentence), escaped(message.affected), ...links]
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, 39_000);
}

/** Slack's three control characters. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
