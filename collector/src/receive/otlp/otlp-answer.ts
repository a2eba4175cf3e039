import { WireWriter } from '../../decode/wire-writer.js';
import type { Receipt } from '../intake.js';
import type { Refusal } from '../refusal.js';

/** The two encodings of OTLP/HTTP. An answer has that of its request. */
export type OtlpEncoding = 'protobuf' | 'json';

export const CONTENT_TYPE: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** The signal's name for its rejected items in JSON. */
export type RejectedField = 'rejectedSpans' | 'rejectedLogRecords' | 'rejectedDataPoints';

/**
 * `Export…ServiceResponse`. `partial_success` is there only when something was rejected: set without reason it would
 * read as a warning (OTLP, "Partial Success").
 */
export function exportResponse(receipt: Receipt, field: RejectedField, encoding: OtlpEncoding): Uint8Array {
  const partial = receipt.rejected > 0;
  if (encoding === 'json') {
    const partialSuccess = { [field]: String(receipt.rejected), errorMessage: receipt.reason };
    return Buffer.from(JSON.stringify(partial ? { partialSuccess } : {}));
  }
  const writer = new WireWriter(64);
  if (partial) {
    writer.varint(10);
    const mark = writer.open();
    writer.varint(8);
    writer.varint(receipt.rejected);
    writer.varint(18);
    writer.text(receipt.reason);
    writer.close(mark);
  }
  return writer.finish();
}

/** `google.rpc.Status`, the body OTLP obliges every failure to have. */
export function statusBody(refusal: Refusal, encoding: OtlpEncoding): Uint8Array {
  const code = RPC_CODE[refusal.status] ?? RPC_CODE[500]!;
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message: refusal.message }));
  const writer = new WireWriter(64);
  writer.varint(8);
  writer.varint(code);
  writer.varint(18);
  writer.text(refusal.message);
  return writer.finish();
}

/** google.rpc.Code by HTTP status. */
const RPC_CODE: Readonly<Record<number, number>> = {
  400: 3,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
};
