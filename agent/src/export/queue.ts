import type { ProtoWriter } from '../encode/proto-writer.js';
import type { Scope } from '../record/scope.js';

export type Signal = 'traces' | 'logs' | 'metrics';

/**
 * The way out of one signal. A record is written straight into the chunk that will be sent:
 *
 * ```ts
 * const writer = queue.open(scope);
 * encodeLogRecord(writer, record);   // writes field 2 of ScopeLogs: tag, length, message
 * queue.commit();                    // or queue.discard() after a throw
 * ```
 *
 * Bounded by bytes (`ORRERY_QUEUE_BYTES`, for all signals together): when full, a record is dropped and counted, the
 * application never waits. `open`…`commit` must not be interleaved or nested.
 */
export interface SignalQueue {
  open(scope: Scope): ProtoWriter;
  commit(): void;
  /** Takes back what was written since `open`. */
  discard(): void;
}
