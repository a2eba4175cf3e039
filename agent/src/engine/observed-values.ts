import type { Attributes, BatchObservableCallback, Observable, ObservableCallback } from '@opentelemetry/api';
import type { Adder, Instrument, Setter } from '../record/meter.js';
import type { Warn } from './engine.js';

type Observation = readonly [value: number, attributes: Attributes];

/**
 * An observable instrument of the OpenTelemetry API: what each of its callbacks said last, and nothing of what it no longer
 * says. What an asynchronous callback says is exported with the next export after it is done.
 */
export class ObservedInstrument implements Observable {
  private readonly callbacks = new Set<ObservableCallback>();
  private readonly said = new Map<object, readonly Observation[]>();

  constructor(
    private readonly written: Instrument<Adder> | Instrument<Setter>,
    private readonly warn: Warn,
  ) {}

  addCallback(callback: ObservableCallback): void {
    this.callbacks.add(callback);
  }

  removeCallback(callback: ObservableCallback): void {
    this.callbacks.delete(callback);
    if (this.said.delete(callback)) this.publish();
  }

  /** Asks every callback of its own. */
  observe(): void {
    for (const callback of this.callbacks) {
      const observations: Observation[] = [];
      callSafely(
        () => callback({ observe: (value, attributes = {}) => void observations.push([value, attributes]) }),
        () => this.callbacks.has(callback) && this.say(callback, observations),
        this.warn,
      );
    }
  }

  /** `source` says all this from now on, and nothing else. */
  say(source: object, observations: readonly Observation[]): void {
    this.said.set(source, observations);
    this.publish();
  }

  private publish(): void {
    this.written.clear();
    for (const observations of this.said.values()) {
      for (const [value, attributes] of observations) this.written.series(attributes).set(value);
    }
  }
}

/** Asks a callback that speaks for several instruments. */
export function observeBatch(
  callback: BatchObservableCallback,
  instruments: readonly ObservedInstrument[],
  isWanted: () => boolean,
  warn: Warn,
): void {
  const said = new Map<unknown, Observation[]>(instruments.map((instrument) => [instrument, []]));
  const result = {
    observe: (instrument: unknown, value: number, attributes: Attributes = {}) =>
      void said.get(instrument)?.push([value, attributes]),
  } as Parameters<BatchObservableCallback>[0];
  callSafely(
    () => callback(result),
    () => {
      if (isWanted()) for (const instrument of instruments) instrument.say(callback, said.get(instrument) ?? []);
    },
    warn,
  );
}

/** A callback of the application's that fails, now or later, must not become its unhandled rejection. */
function callSafely(call: () => unknown, settled: () => void, warn: Warn): void {
  const fail = (error: unknown): void => warn('metric callback', 'a callback of a metric failed', error);
  try {
    const result = call();
    if (result instanceof Promise) result.then(settled, fail);
    else settled();
  } catch (error) {
    fail(error);
  }
}
