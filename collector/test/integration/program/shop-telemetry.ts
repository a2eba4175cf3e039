import { randomBytes } from 'node:crypto';

const attribute = (key: string, value: string | number | boolean) => ({
  key,
  value:
    typeof value === 'string'
      ? { stringValue: value }
      : typeof value === 'boolean'
        ? { boolValue: value }
        : Number.isInteger(value)
          ? { intValue: String(value) }
          : { doubleValue: value },
});
const attributes = (values: Record<string, string | number | boolean>) =>
  Object.entries(values).map(([key, value]) => attribute(key, value));

export const newTraceId = (): string => randomBytes(16).toString('hex');
const newSpanId = (): string => randomBytes(8).toString('hex');

/** An order: `gateway` calls `orders`, which fails or not. Two spans, in OTLP JSON. */
export function orderTrace(traceId: string, options: { correlationId?: string; failed?: boolean; name?: string } = {}) {
  const nowNano = BigInt(Date.now()) * 1_000_000n;
  const root = newSpanId();
  const correlation: Record<string, string> = options.correlationId ? { 'correlation.id': options.correlationId } : {};
  const span = (
    spanId: string,
    parentSpanId: string,
    name: string,
    kind: number,
    values: Record<string, string | number>,
  ) => ({
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    startTimeUnixNano: String(nowNano - 200_000_000n),
    endTimeUnixNano: String(nowNano - 50_000_000n),
    attributes: attributes({ ...values, ...correlation }),
    status: { code: options.failed ? 2 : 1 },
  });
  const resource = (service: string, spans: object[]) => ({
    resource: { attributes: attributes({ 'service.name': service, 'telemetry.sdk.language': 'nodejs' }) },
    scopeSpans: [{ scope: { name: 'test', version: '1' }, spans }],
  });
  return {
    resourceSpans: [
      resource('gateway', [
        span(root, '', options.name ?? 'POST /orders', 2, {
          'http.route': '/orders',
          'http.response.status_code': 201,
        }),
      ]),
      resource('orders', [span(newSpanId(), root, 'create order', 2, { 'rpc.system': 'grpc' })]),
    ],
  };
}

export function logLines(traceId: string, lines: { severity: number; body: string }[]) {
  return {
    resourceLogs: [
      {
        resource: { attributes: attributes({ 'service.name': 'orders' }) },
        scopeLogs: [
          {
            logRecords: lines.map(({ severity, body }) => ({
              timeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
              severityNumber: severity,
              body: { stringValue: body },
              traceId,
              attributes: attributes({ 'order.id': 'o-7' }),
            })),
          },
        ],
      },
    ],
  };
}

/** Posts OTLP JSON; the answer's status. */
export async function send(otlp: string, signal: 'traces' | 'logs', body: object): Promise<number> {
  const answer = await fetch(`${otlp}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}
