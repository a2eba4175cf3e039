import type { Attributes } from '@opentelemetry/api';
import type { Exemplar } from './exemplar.js';
import type { Scope } from './scope.js';

/**
 * Metrics are kept as numbers in typed arrays, one slot per series, and become bytes only at export. The way to be
 * fast: resolve a series once (`instrument.series(attributes)`), keep it, and record on it without allocating.
 * An instrument has at most `ORRERY_METRIC_SERIES` series; what is beyond goes to one with `otel.metric.overflow=true`.
 * Asking twice for an instrument of the same scope and name gives the same one.
 */
export interface Meter {
  /** Monotonic sum. */
  counter(scope: Scope, name: string, options?: InstrumentOptions): Instrument<Adder>;
  /** Sum that can fall (`circuit_breaker.status`, requests in flight). */
  upDownCounter(scope: Scope, name: string, options?: InstrumentOptions): Instrument<Adder>;
  gauge(scope: Scope, name: string, options?: InstrumentOptions): Instrument<Setter>;
  histogram(scope: Scope, name: string, options?: HistogramOptions): Instrument<Observer>;
  /** `callback` runs on the main thread right before each export; it reads what is costly to track and sets gauges or sums. */
  observe(callback: () => void): void;
}

export interface InstrumentOptions {
  /** UCUM, e.g. `s`, `By`, `{request}`. */
  readonly unit?: string;
  readonly description?: string;
}

export interface HistogramOptions extends InstrumentOptions {
  /** Upper bounds of explicit buckets, ascending. Absent: exponential ones, or `fallback` where the user wants explicit ones. */
  readonly boundaries?: readonly number[];
  /** Default: those that the semantic conventions advise for durations in seconds. */
  readonly fallback?: readonly number[];
}

export interface Instrument<Series> {
  /** The same attributes (by value, order indifferent) give the same series. */
  series(attributes: Attributes): Series;
  /** Forgets every series, so that a gauge whose subjects went away is not exported for ever. */
  clear(): void;
}

export interface Adder {
  add(value: number): void;
  /**
   * Absolute value read elsewhere (a cumulative reading of the runtime or of prom-client): such a sum counts from the
   * start, whatever temporality is asked for.
   */
  set(value: number, exemplars?: readonly Exemplar[]): void;
}

export interface Setter {
  set(value: number): void;
}

export interface Observer {
  record(value: number): void;
  /** Takes over what was counted elsewhere (prom-client): one count a bucket, one more than boundaries. */
  replace(counts: readonly number[], sum: number, exemplars?: readonly Exemplar[]): void;
}
