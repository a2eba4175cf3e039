import { constants } from 'node:os';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/**
 * Calls `flush` at every end of the process that still lets code run, and changes none of them:
 *
 * - `exit` (natural end, `process.exit`, uncaught throw, unhandled rejection): ours stays the last listener, so that what
 *   the application records in its own is sent too.
 * - A signal nobody handles: flush, then the signal again with its default action restored, so the parent sees the same
 *   death. While the application has a handler of its own, ours is not there at all: libraries count listeners.
 * - A signal the process sends itself, as the last thing a graceful shutdown does: by then the application's handler is
 *   gone and ours is back. A handler would be called only if something else kept the process alive; so ours goes first.
 *
 * `SIGKILL`, a crash in native code and power loss lose what was recorded since the last export.
 */
export function onProcessEnd(flush: () => void): void {
  const atExit = (): void => flush();
  process.on('exit', atExit);

  const atSignal = (signal: Signal): void => {
    if (process.listenerCount(signal) > 1) return;
    flush();
    unwatch(signal);
    process.kill(process.pid, signal);
    // Still here: the default action of this process is to ignore it (PID 1 of a container).
    setImmediate(watch, signal).unref();
  };
  const watch = (signal: Signal): void => {
    if (process.listenerCount(signal) === 0) process.on(signal, atSignal);
  };
  const unwatch = (signal: Signal): void => {
    process.off(signal, atSignal);
  };

  for (const signal of SIGNALS) watch(signal);
  beforeOwnKill((signal) => {
    const isOurs = process.listenerCount(signal) === 1 && process.listeners(signal)[0] === atSignal;
    if (!isOurs) return;
    flush();
    unwatch(signal);
    setImmediate(watch, signal).unref();
  });

  process.on('newListener', (event, listener) => {
    if (listener === atExit || listener === atSignal) return;
    if (event === 'exit') process.nextTick(() => process.off('exit', atExit).on('exit', atExit));
    // Not at once: the new listener is not there yet, and removing the only one would close Node's signal handle under it.
    else if (isWatched(event)) process.nextTick(() => process.listenerCount(event) > 1 && unwatch(event));
  });
  process.on('removeListener', (event, listener) => {
    if (listener !== atSignal && isWatched(event)) watch(event);
  });
}

function isWatched(event: string | symbol): event is Signal {
  return (SIGNALS as readonly (string | symbol)[]).includes(event);
}

/** Calls `prepare` before the process sends one of these signals to itself. */
function beforeOwnKill(prepare: (signal: Signal) => void): void {
  const original = process.kill;
  const kill = function (this: NodeJS.Process, ...args: Parameters<typeof process.kill>): true {
    const [pid, asked = 'SIGTERM'] = args;
    const signal = SIGNALS.find((name) => name === asked || constants.signals[name] === asked);
    if (pid === process.pid && signal !== undefined) prepare(signal);
    return original.apply(this, args);
  };
  process.kill = Object.defineProperty(kill, 'length', { value: original.length, configurable: true });
}
