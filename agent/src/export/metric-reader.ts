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
  private readonly begin = nowNanos();
  /** Of what is told as deltas. */
  private since = this.begin;

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
    const now = nowNanos();
    for (const table of this.meter.tables) {
      const isDelta = delta && !table.isAbsolute;
      const times = { start: isDelta ? this.since : this.begin, now };
      const writer = this.queue.open(table.scope);
      try {
        if (encodeMetric(writer, table, times, isDelta, maxChars)) this.queue.commit();
        else this.queue.discard();
      } catch (fault) {
        this.queue.discard();
        onFault(fault);
      }
      if (isDelta && table.kind !== 'upDownCounter' && table.kind !== 'gauge') table.reset();
    }
    this.since = now;
  }
}

function nowNanos(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
