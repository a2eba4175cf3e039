import type { IncomingMessage } from 'node:http';
import { BodyEncoding, Signal } from '../../log/log-record.js';
import type { ByteLease } from '../byte-budget.js';
import type { Delivery, Intake } from '../intake.js';
import { jsonToProtobuf } from '../json/json-to-protobuf.js';
import { logsRequest, type Message, metricsRequest, tracesRequest } from '../json/otlp-schema.js';
import { type Body, type BodyLimits, readBody } from '../read-body.js';
import { Refusal } from '../refusal.js';
import { CONTENT_TYPE, exportResponse, type OtlpEncoding, type RejectedField } from './otlp-answer.js';

interface SignalRoute {
  signal: Signal;
  schema: Message;
  rejectedField: RejectedField;
}

/** Paths of OTLP/HTTP. */
export const OTLP_ROUTES: ReadonlyMap<string, SignalRoute> = new Map([
  ['/v1/traces', { signal: Signal.traces, schema: tracesRequest, rejectedField: 'rejectedSpans' }],
  ['/v1/logs', { signal: Signal.logs, schema: logsRequest, rejectedField: 'rejectedLogRecords' }],
  ['/v1/metrics', { signal: Signal.metrics, schema: metricsRequest, rejectedField: 'rejectedDataPoints' }],
]);

/** The encoding of a request, or null when it is neither of OTLP's. */
export function otlpEncoding(request: IncomingMessage): OtlpEncoding | null {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'application/x-protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : null;
}

/**
 * One OTLP/HTTP export (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP"): the body of the 200.
 * @throws Refusal, and what the intake throws.
 */
export async function receiveOtlp(
  request: IncomingMessage,
  route: SignalRoute,
  intake: Intake,
  limits: BodyLimits,
  lease: ByteLease,
): Promise<{ contentType: string; body: Uint8Array; receivedBytes: number }> {
  if (request.method !== 'POST') {
    throw new Refusal('method_not_allowed', 405, 'Only POST is allowed here.', { headers: { Allow: 'POST' } });
  }
  const encoding = otlpEncoding(request);
  if (encoding === null) {
    throw new Refusal(
      'unsupported_media_type',
      415,
      'Content-Type must be application/x-protobuf or application/json.',
    );
  }
  const body = await readBody(request, encoding, limits, lease);
  const receipt = await intake.take({ signal: route.signal, tenant: '', ...translate(body, encoding, route.schema) });
  if (receipt.accepted === 0 && receipt.rejected > 0) {
    // Nothing in it was good, so this is no partial success.
    throw new Refusal('not_decodable', 400, `All ${receipt.rejected} items were rejected: ${receipt.reason}.`);
  }
  return {
    contentType: CONTENT_TYPE[encoding],
    body: exportResponse(receipt, route.rejectedField, encoding),
    receivedBytes: body.received.length,
  };
}

function translate(
  body: Body,
  encoding: OtlpEncoding,
  schema: Message,
): Pick<Delivery, 'plain' | 'stored' | 'encoding'> {
  if (encoding === 'json') {
    const plain = body.plain.length === 0 ? body.plain : jsonToProtobuf(body.plain, schema);
    return { plain, stored: plain, encoding: BodyEncoding.identity };
  }
  if (body.encoding === 'gzip') return { plain: body.plain, stored: body.received, encoding: BodyEncoding.gzip };
  return { plain: body.plain, stored: body.plain, encoding: BodyEncoding.identity };
}
