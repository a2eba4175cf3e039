import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** An OTLP request in JSON, and the traces in it. */
export interface TraceRequest {
  readonly body: string;
  readonly traceIds: string[];
}

export const attribute = (key: string, text: string) => ({ key, value: { stringValue: text } });

/** Requests of `traces` traces each: one call from `desk` to `shelf`, so a span in each of the two. */
export function traceRequests(count: number, traces: number): TraceRequest[] {
  return Array.from({ length: count }, () => {
    const traceIds = Array.from({ length: traces }, () => randomBytes(16).toString('hex'));
    const rootIds = traceIds.map(() => randomBytes(8).toString('hex'));
    const end = BigInt(Date.now()) * 1_000_000n;
    const spans = (parents: string[] | undefined, own: string[], name: string) =>
      traceIds.map((traceId, index) => ({
        traceId,
        spanId: own[index],
        parentSpanId: parents?.[index] ?? '',
        name,
        kind: 2,
        startTimeUnixNano: String(end - 20_000_000n),
        endTimeUnixNano: String(end),
      }));
    const service = (name: string, ofService: object[]) => ({
      resource: { attributes: [attribute('service.name', name)] },
      scopeSpans: [{ scope: { name: 'load' }, spans: ofService }],
    });
    const shelfIds = traceIds.map(() => randomBytes(8).toString('hex'));
    const body = {
      resourceSpans: [
        service('desk', spans(undefined, rootIds, 'lend')),
        service('shelf', spans(rootIds, shelfIds, 'fetch book')),
      ],
    };
    return { traceIds, body: JSON.stringify(body) };
  });
}

/** As a well-behaved sender does: what was not acknowledged is sent again, the same bytes. */
export async function sendUntilAcknowledged(otlp: string, { body }: TraceRequest): Promise<void> {
  for (;;) {
    const response = await fetch(`${otlp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
    const answer = await response?.text().catch(() => undefined);
    if (response?.status === 200 && answer !== undefined) return;
    if (response && ![429, 502, 503, 504].includes(response.status)) throw new Error(`${response.status}: ${answer}`);
    await delay(50);
  }
}
