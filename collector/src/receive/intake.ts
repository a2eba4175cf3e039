import type { BodyEncoding, Signal } from '../log/log-record.js';

/** One request after translation: an OTLP protobuf message, and the form in which it may go to the log. */
export interface Delivery {
  signal: Signal;
  /** The `Export…ServiceRequest`. */
  plain: Uint8Array;
  /** The same, as it came. */
  stored: Uint8Array;
  encoding: BodyEncoding;
  tenant: string;
}

/** What became of a delivery. Nothing was written when `accepted` is 0. */
export interface Receipt {
  accepted: number;
  rejected: number;
  /** Why items were rejected; empty when none was. */
  reason: string;
  duplicate: boolean;
}

/** What receivers hand deliveries to: check, redact, log. */
export interface Intake {
  /**
   * Resolves once everything accepted would survive a crash.
   * @throws DecodeError when the message can not be read; Refusal, retryable, when its sender sends too much or the log
   * takes nothing.
   */
  take(delivery: Delivery): Promise<Receipt>;
}
