import { Worker } from 'node:worker_threads';
import { ChunkQueue } from './chunk-queue.js';
import {
  type Chunk,
  Counters,
  type EndSignal,
  type FromWorker,
  SIGNALS,
  type ToWorker,
  type WorkerData,
} from './mailbox.js';
import type { Signal } from './queue.js';
import { SpareBuffers } from './spare-buffers.js';

/** How long the end of the process may take once everything is sent. */
const END_MS = 1000;
/** After so many deaths of the worker everything is dropped (and counted) instead. */
const MAX_WORKERS = 3;
const WORKER_MEMORY_MB = 48;
/** With these the worker finds Node's handles of signals where `process.binding` no longer has them. */
const WATCH_ARGUMENTS = ['--expose-internals', '--no-warnings'];
const FIRST_NODE_WITHOUT_BINDING = 23;

export interface ExporterOptions {
  /** File of the worker's program. */
  readonly workerFile: string;
  /** Called when the first thing is to be sent; reads what start-up should not wait for. */
  readonly workerData: (shared: SharedArrayBuffer) => WorkerData;
  readonly delayMs: number;
  readonly maxQueuedBytes: number;
  readonly exitTimeoutMs: number;
  /** Called before waiting records are handed over. */
  readonly beforeShip: () => void;
  /** The worker could not be started, or died. */
  readonly onFault: (fault: unknown) => void;
}

/** Who acts on signals at the moment: nobody as long as there is nothing to lose, then one of the threads. */
export interface SignalDuty {
  /** From now on something can be lost, and no worker watches. */
  mainWatches(): void;
  workerWatches(): void;
  /** A signal came to the worker. */
  came(signal: EndSignal): void;
}

/**
 * The main thread's side of export: collects chunks, hands them to the worker (started when there is something to send),
 * and waits for it when the process ends. Bounded by bytes: what finds the queue full is dropped and counted.
 */
export class Exporter {
  readonly counters = new Counters();
  readonly queues: Readonly<Record<Signal, ChunkQueue>>;
  private readonly spare = new SpareBuffers();
  private worker: Worker | undefined;
  private workers = 0;
  /** Records given to a worker so far, and those that none was given because the queue was full. */
  private readonly handed: Record<Signal, number> = { traces: 0, logs: 0, metrics: 0 };
  private readonly refused: Record<Signal, number> = { traces: 0, logs: 0, metrics: 0 };
  private flushes = 0;
  private timer: NodeJS.Timeout | undefined;
  private duty: SignalDuty | undefined;
  private beginDuty: (() => void) | undefined;

  constructor(private readonly options: ExporterOptions) {
    const queue = (signal: Signal): ChunkQueue =>
      new ChunkQueue(
        signal,
        (chunk) => this.hand(chunk),
        () => this.scheduleShip(),
        this.spare,
      );
    this.queues = { traces: queue('traces'), logs: queue('logs'), metrics: queue('metrics') };
  }

  /** Hands everything that waits to the worker. */
  ship(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.options.beforeShip();
    for (const queue of Object.values(this.queues)) queue.ship();
  }

  /**
   * Blocks until everything is sent, given up, or the time for it is over. For the end of the process alone, where
   * nothing else can run any more.
   */
  flushSync(): void {
    this.ship();
    if (this.worker === undefined || this.counters.queuedBytes() === 0) return;
    this.flushes++;
    this.post({ flush: this.flushes, deadlineMs: this.options.exitTimeoutMs });
    this.counters.waitForFlush(this.flushes, this.options.exitTimeoutMs + 50);
  }

  /** Sends what there is as soon as that can be, without waiting for it. */
  hurry(): void {
    this.ship();
    this.post({ hurry: true });
  }

  /** `duty` is told who has to watch for signals, from the first record on, or from one delay after the start. */
  shareSignals(duty: SignalDuty): void {
    const begin = (): void => {
      if (this.duty !== undefined) return;
      this.duty = duty;
      duty.mainWatches();
      // Not in the middle of what is being recorded.
      setImmediate(() => this.ensureWorker()).unref();
    };
    this.beginDuty = begin;
    setTimeout(begin, this.options.delayMs).unref();
  }

  /** The rest of the process's life by `signal`, once everything is sent. Comes back where that signal ends nothing. */
  dieBy(signal: EndSignal): void {
    if (this.worker === undefined) return;
    this.post({ die: signal });
    this.counters.waitForEnd(END_MS);
  }

  /** Tells the worker that its news of a signal was heard. */
  answer(): void {
    this.post({ answered: true });
  }

  private scheduleShip(): void {
    if (this.timer !== undefined) return;
    this.beginDuty?.();
    this.timer = setTimeout(() => this.ship(), this.options.delayMs);
    this.timer.unref();
  }

  private hand(chunk: Chunk): void {
    const bytes = chunk.records.length;
    if (this.counters.queuedBytes() + bytes > this.options.maxQueuedBytes || !this.ensureWorker()) {
      this.refused[chunk.signal] += chunk.count;
      this.counters.addDropped(chunk.signal, chunk.count);
      return;
    }
    this.handed[chunk.signal] += chunk.count;
    this.counters.addQueuedBytes(bytes);
    this.post({ chunk }, [chunk.records.buffer]);
  }

  private post(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.worker?.postMessage(message, transfer);
  }

  private ensureWorker(): boolean {
    if (this.worker !== undefined) return true;
    if (this.workers >= MAX_WORKERS) return false;
    this.workers++;
    try {
      this.worker = this.startWorker();
      return true;
    } catch (error) {
      // Node's permission model can forbid threads; the application must not pay for it.
      this.options.onFault(error);
      return false;
    }
  }

  private startWorker(): Worker {
    const data = this.options.workerData(this.counters.shared);
    const needsLeave = data.watchesSignals && Number.parseInt(process.versions.node) >= FIRST_NODE_WITHOUT_BINDING;
    try {
      return this.startWorkerWith(needsLeave ? WATCH_ARGUMENTS : [], data);
    } catch (error) {
      // A Node that gives no such leave: the main thread goes on watching.
      if (!needsLeave || (error as { code?: unknown }).code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
      return this.startWorkerWith([], data);
    }
  }

  private startWorkerWith(execArgv: string[], workerData: WorkerData): Worker {
    // None of the application's flags and no NODE_OPTIONS: the agent must not load itself into its own worker.
    const worker = new Worker(this.options.workerFile, {
      workerData,
      execArgv,
      env: {},
      name: 'orrery-export',
      resourceLimits: { maxOldGenerationSizeMb: WORKER_MEMORY_MB, maxYoungGenerationSizeMb: 4 },
    });
    worker.on('error', (error) => {
      this.options.onFault(error);
      this.forget(worker);
    });
    worker.on('exit', () => this.forget(worker));
    worker.on('message', (message: FromWorker) => {
      if ('spent' in message) for (const memory of message.spent) this.spare.give(memory);
      else if ('watches' in message) this.duty?.workerWatches();
      else this.duty?.came(message.signal);
    });
    worker.unref();
    return worker;
  }

  /** A worker that died took its queue along: what was handed to it and neither sent nor dropped is lost. */
  private forget(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.duty?.mainWatches();
    for (const signal of SIGNALS) {
      const settled = this.counters.sent(signal) + this.counters.dropped(signal) - this.refused[signal];
      const lost = this.handed[signal] - settled;
      if (lost > 0) this.counters.addDropped(signal, lost);
    }
    this.counters.addQueuedBytes(-this.counters.queuedBytes());
  }
}
