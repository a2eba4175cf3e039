import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const routing_key = z.string().length(32);
const dedup_key = z.string().min(1).max(255);

/** PagerDuty Events API v2 as its documentation has it, to the letter. */
const PagerDutyEvent = z.discriminatedUnion('event_action', [
  z.strictObject({
    routing_key,
    dedup_key,
    event_action: z.literal('trigger'),
    client: z.string().optional(),
    client_url: z.string().optional(),
    links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
    images: z.array(z.strictObject({ src: z.url(), href: z.url().optional(), alt: z.string().optional() })).optional(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime({ offset: true }).optional(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.strictObject({ routing_key, dedup_key, event_action: z.enum(['acknowledge', 'resolve']) }),
]);
export type PagerDutyEvent = z.infer<typeof PagerDutyEvent>;

export interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Takes what notifiers post; `status` decides what it answers. */
export class EventSink {
  readonly received: Received[] = [];
  /** Events that PagerDuty would have refused, with the reason. */
  readonly refused: string[] = [];
  status: number | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(kind: 'pagerduty' | 'webhook', port = 0): Promise<EventSink> {
    const server = createServer();
    const sink = new EventSink(server);
    const take = async (request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      if (sink.status !== undefined) {
        response.writeHead(sink.status).end();
        return;
      }
      const parsed = kind === 'pagerduty' ? PagerDutyEvent.safeParse(JSON.parse(body)) : { success: true as const };
      if (!parsed.success) {
        sink.refused.push(z.prettifyError(parsed.error));
        response.writeHead(400).end(JSON.stringify({ status: 'invalid event' }));
        return;
      }
      sink.received.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(kind === 'pagerduty' ? 202 : 200).end(JSON.stringify({ status: 'success' }));
    };
    server.on('request', (request, response) => void take(request, response));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As PagerDuty understood them. */
  get events(): PagerDutyEvent[] {
    return this.received.map(({ body }) => PagerDutyEvent.parse(JSON.parse(body)));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
