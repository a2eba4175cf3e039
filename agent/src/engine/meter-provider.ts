import type {
  Meter as ApiMeter,
  Attributes,
  BatchObservableCallback,
  Counter,
  Gauge,
  Histogram,
  MeterProvider,
  MetricOptions,
  Observable,
  ObservableCallback,
  ObservableResult,
  UpDownCounter,
} from '@opentelemetry/api';
import type { Adder, Instrument, Meter, Setter } from '../record/meter.js';
import type { Scope } from '../record/scope.js';

/** `metrics.getMeterProvider()` of the OpenTelemetry API, over the agent's meter. */
export function apiMeterProvider(meter: Meter): MeterProvider {
  const meters = new Map<string, ApiMeter>();
  return {
    getMeter(name, version = '', options) {
      const key = `${name}@${version}`;
      let known = meters.get(key);
      if (known === undefined) {
        const scope: Scope = options?.schemaUrl ? { name, version, schemaUrl: options.schemaUrl } : { name, version };
        meters.set(key, (known = new AgentApiMeter(meter, scope)));
      }
      return known;
    },
  };
}

type Written = Instrument<Adder> | Instrument<Setter>;

class AgentApiMeter implements ApiMeter {
  private readonly behind = new WeakMap<Observable, Written>();
  private readonly batches = new Map<BatchObservableCallback, () => void>();

  constructor(
    private readonly meter: Meter,
    private readonly scope: Scope,
  ) {}

  createCounter(name: string, options?: MetricOptions): Counter {
    const counter = this.meter.counter(this.scope, name, described(options));
    return { add: (value, attributes = {}) => value >= 0 && counter.series(attributes).add(value) };
  }

  createUpDownCounter(name: string, options?: MetricOptions): UpDownCounter {
    const counter = this.meter.upDownCounter(this.scope, name, described(options));
    return { add: (value, attributes = {}) => counter.series(attributes).add(value) };
  }

  createGauge(name: string, options?: MetricOptions): Gauge {
    const gauge = this.meter.gauge(this.scope, name, described(options));
    return { record: (value, attributes = {}) => gauge.series(attributes).set(value) };
  }

  createHistogram(name: string, options?: MetricOptions): Histogram {
    const boundaries = options?.advice?.explicitBucketBoundaries;
    const histogram = this.meter.histogram(this.scope, name, {
      ...described(options),
      ...(boundaries === undefined ? {} : { boundaries }),
      ...(options?.unit === 's' ? {} : { fallback: MILLISECOND_BOUNDARIES }),
    });
    return { record: (value, attributes = {}) => histogram.series(attributes).record(value) };
  }

  createObservableCounter(name: string, options?: MetricOptions): Observable {
    return this.observable(this.meter.counter(this.scope, name, described(options)));
  }

  createObservableUpDownCounter(name: string, options?: MetricOptions): Observable {
    return this.observable(this.meter.upDownCounter(this.scope, name, described(options)));
  }

  createObservableGauge(name: string, options?: MetricOptions): Observable {
    return this.observable(this.meter.gauge(this.scope, name, described(options)));
  }

  addBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    this.batches.set(callback, () => {
      for (const observable of observables) this.behind.get(observable)?.clear();
      void callback({
        observe: (observable: Observable, value: number, attributes: Attributes = {}) =>
          this.behind.get(observable)?.series(attributes).set(value),
      } as Parameters<BatchObservableCallback>[0]);
    });
    this.meter.observe(() => this.batches.get(callback)?.());
  }

  removeBatchObservableCallback(callback: BatchObservableCallback): void {
    this.batches.delete(callback);
  }

  private observable(written: Written): Observable {
    const callbacks = new Set<ObservableCallback>();
    this.meter.observe(() => {
      if (callbacks.size === 0) return;
      // What is not observed any more must not be told for ever.
      written.clear();
      const result: ObservableResult = {
        observe: (value: number, attributes: Attributes = {}) => written.series(attributes).set(value),
      };
      for (const callback of callbacks) void callback(result);
    });
    const observable: Observable = {
      addCallback: (callback) => void callbacks.add(callback),
      removeCallback: (callback) => void callbacks.delete(callback),
    };
    this.behind.set(observable, written);
    return observable;
  }
}

/** Default boundaries of the OTel metrics SDK, for values that are not seconds. */
const MILLISECOND_BOUNDARIES = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

function described(options: MetricOptions = {}): { unit?: string; description?: string } {
  return {
    ...(options.unit ? { unit: options.unit } : {}),
    ...(options.description ? { description: options.description } : {}),
  };
}
