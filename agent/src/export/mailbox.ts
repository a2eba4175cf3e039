import type { Signal } from './queue.js';

/** Records of one scope, written one after the other as they stand in `Scope<Signal>`. The buffer is transferred. */
export interface Chunk {
  readonly signal: Signal;
  /** `scope` and `schema_url`, encoded. */
  readonly scope: Uint8Array;
  readonly records: Uint8Array<ArrayBuffer>;
  readonly count: number;
}

/**
 * Messages to the worker. `flush` asks for everything to be sent now, by a deadline, and to be acknowledged;
 * `hurry` that what was handed over waits for nothing more; `answered` says that the main thread heard of a signal; `die` asks for the end of the process by it.
 */
export type ToWorker =
  | { readonly chunk: Chunk }
  | { readonly flush: number; readonly deadlineMs: number }
  | { readonly hurry: true }
  | { readonly answered: true }
  | { readonly die: EndSignal };

/** Messages from the worker: it watches for signals now, or one came; memory of chunks comes back. */
export type FromWorker =
  | { readonly watches: true }
  | { readonly signal: EndSignal }
  | { readonly spent: readonly ArrayBuffer[] };

/** Signals that end a process that does nothing about them, and leave it the time to. */
export const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
export type EndSignal = (typeof END_SIGNALS)[number];

/**
 * The first process of a container (of a PID namespace): no signal that it has no handler for ends it, so it is not ended
 * by the agent either; signal(7), pid_namespaces(7).
 */
export const IS_FIRST_PROCESS = process.pid === 1;

/** Where one signal goes, and how. */
export interface Destination {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'gzip' | 'none';
  readonly timeoutMs: number;
  /** Paths of PEM files. */
  readonly certificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly clientCertificate: string | undefined;
}

export interface WorkerData {
  readonly orreryExport: true;
  readonly shared: SharedArrayBuffer;
  readonly resource: Uint8Array;
  /** Milliseconds for which what was handed over waits for more of its signal. */
  readonly gatherMs: number;
  /** Whether it watches for signals: for the main thread's agent. */
  readonly watchesSignals: boolean;
  /** Milliseconds the end by a signal may take when the main thread does not answer. */
  readonly exitTimeoutMs: number;
  readonly destinations: Readonly<Record<Signal, Destination>>;
}

export const SIGNALS: readonly Signal[] = ['traces', 'logs', 'metrics'];

/** Slots of the numbers both threads see: the main thread can read them while it waits for nothing and nobody. */
const QUEUED_BYTES = 0;
const FLUSHED = 1;
/** A bit for each signal of `END_SIGNALS` that the application has handlers of its own for. */
const HANDLED = 2;
/** Nothing is ever written here: the main thread waits for its end on it. */
const END = 3;
/** For each signal of `END_SIGNALS` when the application's last handler of it went away while it was being served. */
const SERVED = 4;
/** An even number: what follows has 64 bits. */
const SLOTS = 8;
/** Times are kept in 31 bits, which is enough to tell them apart for weeks. */
const TIME_MASK = 0x7fffffff;
/** Records are counted in 64 bits: a busy service sends more than 2³¹ of them. */
const DROPPED = 0;
const SENT = SIGNALS.length;
const COUNTS = 2 * SIGNALS.length;

/** The numbers that the main thread and the export worker share. */
export class Counters {
  private readonly slots: Int32Array;
  private readonly counts: BigInt64Array;

  constructor(readonly shared: SharedArrayBuffer = new SharedArrayBuffer(SLOTS * 4 + COUNTS * 8)) {
    this.slots = new Int32Array(shared, 0, SLOTS);
    this.counts = new BigInt64Array(shared, SLOTS * 4, COUNTS);
  }

  queuedBytes(): number {
    return Atomics.load(this.slots, QUEUED_BYTES);
  }

  /** Bytes that joined (or, negative, left) the queue. */
  addQueuedBytes(bytes: number): void {
    Atomics.add(this.slots, QUEUED_BYTES, bytes);
  }

  dropped(signal: Signal): number {
    return Number(Atomics.load(this.counts, DROPPED + SIGNALS.indexOf(signal)));
  }

  addDropped(signal: Signal, records: number): void {
    Atomics.add(this.counts, DROPPED + SIGNALS.indexOf(signal), BigInt(records));
  }

  sent(signal: Signal): number {
    return Number(Atomics.load(this.counts, SENT + SIGNALS.indexOf(signal)));
  }

  addSent(signal: Signal, records: number): void {
    Atomics.add(this.counts, SENT + SIGNALS.indexOf(signal), BigInt(records));
  }

  isHandled(signal: EndSignal): boolean {
    return (Atomics.load(this.slots, HANDLED) & (1 << END_SIGNALS.indexOf(signal))) !== 0;
  }

  /** Main thread: whether the application has handlers of its own for `signal`. */
  setHandled(signal: EndSignal, handled: boolean): void {
    const bit = 1 << END_SIGNALS.indexOf(signal);
    if (handled) Atomics.or(this.slots, HANDLED, bit);
    else Atomics.and(this.slots, HANDLED, ~bit);
  }

  /** Main thread: the handlers of `signal` served it, and were for once. `nowMs`: wall clock. */
  noteServed(signal: EndSignal, nowMs: number): void {
    Atomics.store(this.slots, SERVED + END_SIGNALS.indexOf(signal), Number(BigInt(nowMs) & BigInt(TIME_MASK)) || 1);
  }

  /** Milliseconds since then; infinite when it never was so. */
  servedMsAgo(signal: EndSignal, nowMs: number): number {
    const served = Atomics.load(this.slots, SERVED + END_SIGNALS.indexOf(signal));
    if (served === 0) return Infinity;
    return (Number(BigInt(nowMs) & BigInt(TIME_MASK)) - served + TIME_MASK + 1) % (TIME_MASK + 1);
  }

  /** Main thread: blocks until the process is no more, at most `timeoutMs`. */
  waitForEnd(timeoutMs: number): void {
    Atomics.wait(this.slots, END, 0, timeoutMs);
  }

  /** Worker: everything asked for by flush `number` was sent, or given up. */
  acknowledgeFlush(number: number): void {
    Atomics.store(this.slots, FLUSHED, number);
    Atomics.notify(this.slots, FLUSHED);
  }

  /** Main thread: blocks until flush `number` is acknowledged, at most `timeoutMs`. Only for the end of the process. */
  waitForFlush(number: number, timeoutMs: number): void {
    Atomics.wait(this.slots, FLUSHED, number - 1, timeoutMs);
  }
}
