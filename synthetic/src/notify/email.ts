import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { type Notifier, NotifyError } from './notifier.js';
import { receiverFields } from './receiver-fields.js';

export const EmailReceiver = z.strictObject({
  type: z.literal('email'),
  ...receiverFields,
  smtp: z.url({ protocol: /^smtps?$/ }).describe('smtp://user:password@host:587 or smtps://…'),
  from: z.string().min(3),
  to: z.array(z.string().min(3)).min(1),
});

export function emailNotifier(receiver: z.infer<typeof EmailReceiver>): Notifier {
  const timeouts = { connectionTimeout: 8000, greetingTimeout: 8000, socketTimeout: 15_000 };
  const transport = createTransport({ url: receiver.smtp, ...timeouts });
  const threadId = (key: string) => `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@orrery>`;
  return {
    knowsAcknowledge: false,
    close: () => transport.close(),
    async send(message, signal) {
      signal.throwIfAborted();
      try {
        await transport.sendMail({
          from: receiver.from,
          to: receiver.to,
          subject: message.subject.replaceAll(/[\r\n]+/g, ' '),
          text: message.text,
          // The same message has the same id, and an episode is one thread.
          messageId: threadId(message.idempotencyKey),
          references: threadId(message.episodeKey),
          headers: { 'X-Orrery-Key': message.episodeKey, 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        const { code, responseCode } = error as { code?: string; responseCode?: number };
        const told = responseCode === undefined ? (code ?? 'cannot be reached') : `answered ${responseCode}`;
        // 5yz is final by RFC 5321; all else may go another time.
        throw new NotifyError(`${new URL(receiver.smtp).host}: ${told}`, !(responseCode && responseCode >= 500));
      }
    },
  };
}
