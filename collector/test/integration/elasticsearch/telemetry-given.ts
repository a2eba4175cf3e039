import { BodyEncoding, type LogPosition, type LogRecord, Signal } from '../../../src/log/log-record.js';
import { encodeTraces, type SpanGiven } from '../../fixtures/otlp-encoder.js';

/** 2026-11-21T12:00:00Z */
export const NOON = 1_795_262_400_000;
export const nano = (ms: number): bigint => BigInt(Math.round(ms * 1000)) * 1000n;

export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** Records one after the other, as the log would hand them over. */
export class RecordsGiven {
  #position = 0;

  record(signal: Signal, body: Uint8Array, receivedMs = NOON): LogRecord {
    const position = this.#position as LogPosition;
    this.#position += body.length + 40;
    const next = this.#position as LogPosition;
    return {
      position,
      next,
      signal,
      encoding: BodyEncoding.identity,
      receivedNano: nano(receivedMs),
      tenant: '',
      body,
    };
  }

  traces(resource: Parameters<typeof encodeTraces>[0], spans: SpanGiven[], receivedMs = NOON): LogRecord {
    return this.record(Signal.traces, encodeTraces(resource, spans), receivedMs);
  }
}

/** A server span of trace `trace`. */
export function serverSpan(trace: number, span: number, more: Partial<SpanGiven> = {}): SpanGiven {
  const start = NOON + (trace % 600) * 100 + span;
  return {
    traceId: hex(trace + 1, 32),
    spanId: hex(trace * 1000 + span + 1, 16),
    name: `GET /orders/${span % 3}`,
    kind: 2,
    startNano: nano(start),
    endNano: nano(start + 10 + (span % 7)),
    status: span % 5 === 0 ? 2 : 0,
    ...more,
  };
}
