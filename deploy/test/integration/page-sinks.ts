import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page as a webhook gets it. */
export interface WebhookPage {
  kind: string;
  key: string;
  check: string;
  sentence: string;
  affected: string;
  since: string;
  text: string;
  href: string;
  links: { href: string; text: string }[];
}

/** An event of PagerDuty's Events API v2. */
export interface PagerDutyEvent {
  routing_key: string;
  dedup_key: string;
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  links?: { href: string; text: string }[];
  payload?: { summary: string; source: string; severity: string; custom_details: Record<string, string> };
}

export interface PageSink<Page> {
  readonly url: string;
  /** In the order in which they came. */
  readonly pages: Page[];
  stop(): Promise<void>;
}

/** Takes what is posted; what `isValid` refuses is answered 400 and forgotten. */
async function startSink<Page>(isValid: (page: Page) => boolean): Promise<PageSink<Page>> {
  const pages: Page[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const page = JSON.parse(body) as Page;
      const valid = isValid(page);
      if (valid) pages.push(page);
      response.writeHead(valid ? 202 : 400, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const startWebhook = (): Promise<PageSink<WebhookPage>> => startSink<WebhookPage>(() => true);

/** Refuses what PagerDuty's documentation does not allow. */
export const startPagerDuty = (): Promise<PageSink<PagerDutyEvent>> =>
  startSink<PagerDutyEvent>(({ routing_key, dedup_key, event_action, payload }) => {
    if (routing_key.length !== 32 || !dedup_key || dedup_key.length > 255) return false;
    if (event_action !== 'trigger') return ['acknowledge', 'resolve'].includes(event_action);
    if (!payload?.summary || payload.summary.length > 1024 || !payload.source) return false;
    return ['critical', 'error', 'warning', 'info'].includes(payload.severity);
  });
