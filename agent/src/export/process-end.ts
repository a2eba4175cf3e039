import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { override } from '../hook/override.js';
import type { Exporter } from './exporter.js';
import { END_SIGNALS, type EndSignal, IS_FIRST_PROCESS } from './mailbox.js';

/**
 * Calls `flush` at every end of the process that still lets code run, and changes none of them:
 *
 * - `exit` (natural end, `process.exit`, uncaught throw, unhandled rejection): ours stays the last listener, so that what
 *   the application records in its own is sent too.
 * - A signal nobody handles: flush, then the signal again with its default action restored, so the parent sees the same
 *   death. The export worker watches for it (`signal-watch.ts`); a listener of ours is there only while something was
 *   recorded and the worker is still starting. Signals that the application handles are its own.
 * - A signal the process sends itself, as the last thing a graceful shutdown does: by then the application's handler is
 *   gone, and nothing may be left that keeps the process alive until the worker has asked. So it is not waited for.
 * - A signal that nobody handles ends no first process of a container: then what is here is sent, and it goes on.
 *
 * `SIGKILL`, a crash in native code and power loss lose what was recorded since the last export.
 */
export function onProcessEnd(flush: () => void, exporter: Exporter): void {
  const atExit = (): void => flush();
  process.on('exit', atExit);
  if (isMainThread) exporter.shareSignals(new MainSignals(flush, exporter, atExit));
  else keepLast(atExit);
}

/** The main thread's part in watching for signals. */
class MainSignals {
  private readonly counters: Exporter['counters'];
  private watcher: 'nobody' | 'main' | 'worker' = 'nobody';

  constructor(
    private readonly flush: () => void,
    private readonly exporter: Exporter,
    atExit: () => void,
  ) {
    this.counters = exporter.counters;
    for (const signal of END_SIGNALS) this.counters.setHandled(signal, process.listenerCount(signal) > 0);
    keepLast(atExit);
    process.on('newListener', (event, listener) => {
      if (listener === this.atSignal || !isEndSignal(event)) return;
      this.counters.setHandled(event, true);
      // Not at once: the new listener is not there yet, and removing the only one would close Node's signal handle under it.
      process.nextTick(() => process.listenerCount(event) > 1 && process.off(event, this.atSignal));
    });
    beforeOwnKill((signal) => this.beforeOwnKill(signal));
    process.on('removeListener', (event, listener) => {
      if (listener === this.atSignal || !isEndSignal(event) || process.listenerCount(event) > 0) return;
      // The worker gets the same signal, perhaps only after this, and must not take it for another that nobody handles.
      if (isServing()) this.counters.noteServed(event, Date.now());
      this.counters.setHandled(event, false);
      if (this.watcher === 'main') this.watch(event);
    });
  }

  mainWatches(): void {
    this.watcher = 'main';
    for (const signal of END_SIGNALS) this.watch(signal);
  }

  workerWatches(): void {
    this.watcher = 'worker';
    for (const signal of END_SIGNALS) process.off(signal, this.atSignal);
  }

  /** To the worker, which waits for an answer. */
  came(signal: EndSignal): void {
    this.exporter.answer();
    if (IS_FIRST_PROCESS) {
      this.exporter.hurry();
      return;
    }
    this.flush();
    this.exporter.dieBy(signal);
  }

  private watch(signal: EndSignal): void {
    if (process.listenerCount(signal) === 0) process.on(signal, this.atSignal);
  }

  private readonly atSignal = (signal: EndSignal): void => {
    if (IS_FIRST_PROCESS) this.exporter.hurry();
    else if (process.listenerCount(signal) === 1) process.kill(process.pid, signal);
  };

  /** Where a worker is it may be watching already, so it is the one that sends the signal; else the process does. */
  private beforeOwnKill(signal: EndSignal): void {
    if (IS_FIRST_PROCESS || this.counters.isHandled(signal) || this.watcher === 'nobody') return;
    this.flush();
    process.off(signal, this.atSignal);
    this.exporter.dieBy(signal);
    // Still here: there is no worker.
    this.watchAgain(signal);
  }

  private watchAgain(signal: EndSignal): void {
    setImmediate(() => this.watcher === 'main' && this.watch(signal)).unref();
  }
}

/** Calls `prepare` before the process sends one of these signals to itself. */
function beforeOwnKill(prepare: (signal: EndSignal) => void): void {
  const original = process.kill;
  const kill = function (this: NodeJS.Process, ...args: Parameters<typeof process.kill>): true {
    const [pid, asked = 'SIGTERM'] = args;
    const signal = END_SIGNALS.find((name) => name === asked || constants.signals[name] === asked);
    if (pid === process.pid && signal !== undefined) prepare(signal);
    return original.apply(this, args);
  };
  override(process, { kill });
}

/** Keeps `atExit` behind every other listener. */
function keepLast(atExit: () => void): void {
  process.on('newListener', (event, listener) => {
    if (event !== 'exit' || listener === atExit) return;
    process.nextTick(() => process.off('exit', atExit).on('exit', atExit));
  });
}

/** Whether this is called from a handler of an event of the process: `once` takes its listener away before it calls it. */
function isServing(): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return /^ +at process\.emit /m.test(stack);
}

function isEndSignal(event: string | symbol): event is EndSignal {
  return (END_SIGNALS as readonly (string | symbol)[]).includes(event);
}
