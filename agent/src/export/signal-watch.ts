import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { type Counters, END_SIGNALS, type EndSignal, IS_FIRST_PROCESS } from './mailbox.js';

/** What is used of Node's own handle of a signal. */
interface SignalHandle {
  onsignal: () => void;
  start(number: number): number;
  close(): void;
}
type SignalBinding = { readonly Signal: new () => SignalHandle };

/** How long the main thread may take to answer a signal. A program that is busy for longer would have been dead at once. */
const PATIENCE_MS = 500;
/** Where the signal was taken back, or came to another end, the process is still there after this. */
const STILL_HERE_MS = 200;
/**
 * A terminal and the program above send the same signal one after the other (npm does); a person who sends it again means
 * that it takes too long.
 */
const AGAIN_MS = 400;
/** A signal that comes to this thread so long after the main thread has served it may still be the same one. */
const SAME_SIGNAL_MS = 2000;

export interface SignalWatchOptions {
  readonly counters: Counters;
  /** A signal came that ends the process: asks the main thread for what it has. */
  readonly ask: (signal: EndSignal) => void;
  /** Sends what is here. */
  readonly flush: () => Promise<void>;
}

/**
 * Holds signals in the export worker instead of the main thread: a handler there would keep alive a program that is stuck
 * in an endless loop, and is a listener that libraries count. The main thread is asked to hand over what it has, and the
 * process dies by the signal itself, its default action restored; when no answer comes, it dies without.
 *
 * Node gives `process.on('SIGTERM')` to main threads only; the handle below it works in any. Up to Node 22 it is found by
 * `process.binding`, from then on among the internals, which the worker is started with leave to see (`WATCH_ARGUMENTS`).
 */
export class SignalWatch {
  private readonly handles = new Map<EndSignal, SignalHandle>();
  private isEnding = false;
  private endingSince = 0;
  private hasAnswered = false;
  /** When a signal came that the application handled, and when one was last taken for such; wall clock, in milliseconds. */
  private readonly leftAloneAt = new Map<EndSignal, number>();

  private constructor(
    private readonly binding: SignalBinding,
    private readonly options: SignalWatchOptions,
  ) {}

  /** `undefined` where Node does not let us; then the main thread goes on watching. */
  static start(options: SignalWatchOptions): SignalWatch | undefined {
    try {
      const watch = new SignalWatch(signalBinding(), options);
      for (const signal of END_SIGNALS) watch.open(signal);
      return watch;
    } catch {
      return undefined;
    }
  }

  /** The main thread has begun to hand over. */
  answered(): void {
    this.hasAnswered = true;
  }

  /** Ends the process by `signal`, as if nobody had watched. */
  die(signal: EndSignal): void {
    this.handles.get(signal)?.close();
    this.handles.delete(signal);
    process.kill(process.pid, signal);
    setTimeout(() => {
      this.isEnding = false;
      this.open(signal);
    }, STILL_HERE_MS);
  }

  private open(signal: EndSignal): void {
    const handle = new this.binding.Signal();
    handle.onsignal = () => this.came(signal);
    if (handle.start(constants.signals[signal]) !== 0) throw new Error(`cannot watch ${signal}`);
    this.handles.set(signal, handle);
  }

  /** Each signal comes to both threads; handlers that are for once may be gone by the time it is seen here. */
  private isTheApplications(signal: EndSignal): boolean {
    const { counters } = this.options;
    const now = Date.now();
    const servedMsAgo = counters.servedMsAgo(signal, now);
    const leftAloneMsAgo = now - (this.leftAloneAt.get(signal) ?? -Infinity);
    const isServedOne = servedMsAgo < SAME_SIGNAL_MS && leftAloneMsAgo > SAME_SIGNAL_MS;
    if (!counters.isHandled(signal) && !isServedOne) return false;
    this.leftAloneAt.set(signal, now);
    return true;
  }

  private came(signal: EndSignal): void {
    if (this.isEnding) {
      if (performance.now() - this.endingSince > AGAIN_MS) this.die(signal);
      return;
    }
    if (this.isTheApplications(signal)) return;
    this.hasAnswered = false;
    this.options.ask(signal);
    if (IS_FIRST_PROCESS) return;
    this.isEnding = true;
    this.endingSince = performance.now();
    setTimeout(() => {
      if (!this.hasAnswered) void this.options.flush().then(() => this.die(signal));
    }, PATIENCE_MS);
  }
}

function signalBinding(): SignalBinding {
  // Of this thread alone; the warning would be about us, on the application's stderr.
  process.noDeprecation = true;
  const { binding } = process as unknown as { binding: (name: string) => SignalBinding };
  try {
    return binding.call(process, 'signal_wrap');
  } catch {
    const internals = createRequire(__filename)('internal/test/binding') as {
      internalBinding: (name: string) => SignalBinding;
    };
    return internals.internalBinding('signal_wrap');
  }
}
