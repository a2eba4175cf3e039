import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { shownUrl } from '../config/destination.js';
import { openConnections } from './connections.js';
import { Counters, type FromWorker, SIGNALS, type ToWorker, type WorkerData } from './mailbox.js';
import { Outbox, type Parcel } from './outbox.js';
import { type Outcome, post } from './post.js';
import type { Signal } from './queue.js';
import { retryDelayMs } from './retry-delay.js';
import { SignalWatch } from './signal-watch.js';

/** Number of a flush that nobody waits for. */
const UNASKED = 0;
/** With so much waiting a request is worth its price; less waits for more, a while. */
const WORTH_BYTES = 524_288;

/** The export worker's program: receives chunks, sends them, repeats what may be repeated, and drops what may not. */
function runExportWorker(data: WorkerData): void {
  const counters = new Counters(data.shared);
  const told = new Set<string>();
  let flushDeadline: number | undefined;
  let wakeSleepers = new AbortController();

  const tell = (code: string, sentence: string): void => {
    if (told.has(code) || flushDeadline !== undefined) return;
    told.add(code);
    writeSync(2, `orrery: ${sentence}\n`);
  };

  const tellMain = (message: FromWorker, transfer: ArrayBuffer[] = []): void =>
    parentPort?.postMessage(message, transfer);

  const sender = (signal: Signal): { add: Outbox['add']; hurry: () => void; drain: () => Promise<void> } => {
    const outbox = new Outbox();
    let gathered = new AbortController();
    const destination = data.destinations[signal];
    const connections = openConnections(destination, (sentence) => tell(sentence, sentence));
    const address = shownUrl(destination.url);
    let draining: Promise<void> | undefined;

    const attempt = (parcel: Parcel): Promise<Outcome> => {
      const left = flushDeadline === undefined ? destination.timeoutMs : flushDeadline - Date.now();
      if (left <= 0) return Promise.resolve({ kind: 'refused', reason: 'the process ended' });
      return post(connections, destination, parcel.body, Math.min(left, destination.timeoutMs));
    };

    const deliver = async (parcel: Parcel): Promise<void> => {
      for (let repetition = 1; ; repetition++) {
        const outcome = await attempt(parcel);
        if (outcome.kind === 'accepted') {
          counters.addSent(signal, parcel.records);
          break;
        }
        if (outcome.kind !== 'retry') {
          counters.addDropped(signal, parcel.records);
          const what = outcome.kind === 'refused' ? `the collector refuses ${signal}` : `cannot send ${signal}`;
          tell(`refused ${signal}`, `${what} (${outcome.reason}): ${address}`);
          break;
        }
        tell('away', `no collector at ${address} (${outcome.reason}); the application goes on, I keep trying`);
        if (flushDeadline !== undefined && repetition > 1) {
          counters.addDropped(signal, parcel.records);
          break;
        }
        await sleep(flushDeadline === undefined ? retryDelayMs(repetition, outcome.afterMs) : 0, wakeSleepers.signal);
      }
      counters.addQueuedBytes(-parcel.queuedBytes);
    };

    const drainAll = async (): Promise<void> => {
      if (flushDeadline === undefined && !outbox.holds(WORTH_BYTES)) {
        gathered = new AbortController();
        await sleep(data.gatherMs, gathered.signal);
      }
      for (let parcel = outbox.take(data.resource); parcel !== undefined; parcel = outbox.take(data.resource)) {
        tellMain({ spent: parcel.spent }, parcel.spent);
        await deliver(parcel);
      }
      draining = undefined;
    };

    return {
      add: (chunk) => {
        outbox.add(chunk);
        if (outbox.holds(WORTH_BYTES)) gathered.abort();
      },
      hurry: () => gathered.abort(),
      drain: () => {
        draining ??= drainAll();
        return draining;
      },
    };
  };

  const senders = { traces: sender('traces'), logs: sender('logs'), metrics: sender('metrics') };

  const flush = async (number: number, deadlineMs: number): Promise<void> => {
    flushDeadline = Date.now() + deadlineMs;
    wakeSleepers.abort();
    wakeSleepers = new AbortController();
    for (const signal of SIGNALS) senders[signal].hurry();
    await Promise.all(SIGNALS.map((signal) => senders[signal].drain()));
    // Not every end that begins comes: what is recorded from now on has all the time again.
    flushDeadline = undefined;
    if (number !== UNASKED) counters.acknowledgeFlush(number);
  };

  const watch = data.watchesSignals
    ? SignalWatch.start({
        counters,
        ask: (signal) => tellMain({ signal }),
        flush: () => flush(UNASKED, data.exitTimeoutMs),
      })
    : undefined;

  parentPort?.on('message', (message: ToWorker) => {
    if ('chunk' in message) {
      senders[message.chunk.signal].add(message.chunk);
      void senders[message.chunk.signal].drain();
    } else if ('flush' in message) {
      void flush(message.flush, message.deadlineMs);
    } else if ('hurry' in message) {
      for (const signal of SIGNALS) senders[signal].hurry();
    } else if ('answered' in message) watch?.answered();
    else if (watch === undefined) process.kill(process.pid, message.die);
    else watch.die(message.die);
  });
  if (watch !== undefined) tellMain({ watches: true });
}

/** Resolves after `milliseconds`, or at once when `signal` is raised. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal.addEventListener('abort', wake);
  });
}

runExportWorker(workerData as WorkerData);
