import { performance } from 'node:perf_hooks';
import type { TimeInput } from '@opentelemetry/api';

const TWO_32 = 2 ** 32;
/** Wall clock and monotonic clock may differ by so much before the anchor is renewed (suspended laptop, stepped clock). */
const TOLERATED_DRIFT_MS = 50;

/**
 * A moment on both clocks. A span keeps the anchor it started with, so its duration is monotonic whatever happens to the
 * wall clock, and nanoseconds never pass through a JS number as an absolute time: times are kept as nanoseconds since
 * their anchor.
 */
export interface ClockAnchor {
  /** `performance.now()` of the moment. */
  readonly monotonicMs: number;
  /** Whole milliseconds since 1970. */
  readonly epochMs: number;
  /** Nanoseconds since 1970, as unsigned halves of 64 bits. */
  readonly low: number;
  readonly high: number;
}

export class Clock {
  private current = anchorAt(performance.timeOrigin + performance.now(), performance.now());

  anchor(): ClockAnchor {
    return this.current;
  }

  /** Called now and then (before an export): follows the wall clock where it was set. */
  renewAnchor(): void {
    const monotonicMs = performance.now();
    const wallMs = Date.now();
    const expectedMs = this.current.epochMs + (monotonicMs - this.current.monotonicMs);
    if (Math.abs(wallMs - expectedMs) > TOLERATED_DRIFT_MS) this.current = anchorAt(wallMs, monotonicMs);
  }
}

/** Nanoseconds since `anchor`, now. */
export function nanosSince(anchor: ClockAnchor): number {
  return Math.round((performance.now() - anchor.monotonicMs) * 1e6);
}

/** Nanoseconds since `anchor` of a time the application gave, in any form the API allows. */
export function nanosOf(time: TimeInput, anchor: ClockAnchor): number {
  if (typeof time === 'number') {
    // The API allows `performance.now()` too; such a number is smaller than any sensible wall clock.
    const epochMs = time < performance.timeOrigin ? time - anchor.monotonicMs : time - anchor.epochMs;
    return Math.round(epochMs * 1e6);
  }
  if (Array.isArray(time)) {
    const [seconds, nanos] = time;
    const anchorSeconds = Math.floor(anchor.epochMs / 1000);
    return (seconds - anchorSeconds) * 1e9 + nanos - (anchor.epochMs - anchorSeconds * 1000) * 1e6;
  }
  return Math.round((time.getTime() - anchor.epochMs) * 1e6);
}

/** Upper and lower half of the nanoseconds since 1970, for `fixed64`. */
export function highOf(anchor: ClockAnchor, nanos: number): number {
  const words = Math.floor(nanos / TWO_32);
  return anchor.high + words + (anchor.low + (nanos - words * TWO_32) >= TWO_32 ? 1 : 0);
}

export function lowOf(anchor: ClockAnchor, nanos: number): number {
  const low = anchor.low + (nanos - Math.floor(nanos / TWO_32) * TWO_32);
  return low >= TWO_32 ? low - TWO_32 : low;
}

/** The anchor's epoch is cut to whole milliseconds (on both clocks), so that conversions from tuples stay exact. */
function anchorAt(epochMs: number, monotonicMs: number): ClockAnchor {
  const whole = Math.floor(epochMs);
  const nanos = BigInt(whole) * 1_000_000n;
  return {
    epochMs: whole,
    monotonicMs: monotonicMs - (epochMs - whole),
    low: Number(nanos & 0xffffffffn),
    high: Number(nanos >> 32n),
  };
}
