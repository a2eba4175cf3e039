import { encodeMetric } from '../encode/metrics.js';
import type { OwnMeter } from '../record/own-meter.js';
import type { SignalQueue } from './queue.js';

export interface MetricReaderOptions {
  readonly intervalMs: number;
  readonly delta: boolean;
  readonly maxChars: number;
  readonly onFault: (fault: unknown) => void;
}

/** Writes every instrument to the queue, once an interval and once when the process ends. */
export class MetricReader {
  private start = nowNanos();

  constructor(
    private readonly meter: OwnMeter,
    private readonly queue: SignalQueue,
    private readonly options: MetricReaderOptions,
  ) {
    setInterval(() => this.read(), options.intervalMs).unref();
  }

  read(): void {
    const { delta, maxChars, onFault } = this.options;
    this.meter.runObservers(onFault);
    const times = { start: this.start, now: nowNanos() };
    for (const table of this.meter.tables) {
      const writer = this.queue.open(table.scope);
      try {
        if (encodeMetric(writer, table, times, delta, maxChars)) this.queue.commit();
        else this.queue.discard();
      } catch (fault) {
        this.queue.discard();
        onFault(fault);
      }
      if (delta && table.kind !== 'upDownCounter' && table.kind !== 'gauge') table.reset();
    }
    if (delta) this.start = times.now;
  }
}

function nowNanos(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
