import type {
  Meter as ApiMeter,
  BatchObservableCallback,
  Counter,
  Gauge,
  Histogram,
  MeterProvider,
  MetricOptions,
  Observable,
  UpDownCounter,
} from '@opentelemetry/api';
import type { Adder, Instrument, Meter, Setter } from '../record/meter.js';
import type { Scope } from '../record/scope.js';
import type { Warn } from './engine.js';
import { ObservedInstrument, observeBatch } from './observed-values.js';

/** `metrics.getMeterProvider()` of the OpenTelemetry API, over the agent's meter. */
export function apiMeterProvider(meter: Meter, warn: Warn): MeterProvider {
  const meters = new Map<string, ApiMeter>();
  return {
    getMeter(name, version = '', options) {
      const key = `${name}@${version}`;
      let known = meters.get(key);
      if (known === undefined) {
        const scope: Scope = options?.schemaUrl ? { name, version, schemaUrl: options.schemaUrl } : { name, version };
        meters.set(key, (known = new AgentApiMeter(meter, scope, warn)));
      }
      return known;
    },
  };
}

class AgentApiMeter implements ApiMeter {
  private batches: Map<BatchObservableCallback, readonly ObservedInstrument[]> | undefined;
  private readonly observables = new Map<string, ObservedInstrument>();

  constructor(
    private readonly meter: Meter,
    private readonly scope: Scope,
    private readonly warn: Warn,
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
    return this.observable(`counter ${name}`, () => this.meter.counter(this.scope, name, described(options)));
  }

  createObservableUpDownCounter(name: string, options?: MetricOptions): Observable {
    return this.observable(`up-down ${name}`, () => this.meter.upDownCounter(this.scope, name, described(options)));
  }

  createObservableGauge(name: string, options?: MetricOptions): Observable {
    return this.observable(`gauge ${name}`, () => this.meter.gauge(this.scope, name, described(options)));
  }

  addBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    if (this.batches === undefined) {
      const batches = new Map<BatchObservableCallback, readonly ObservedInstrument[]>();
      this.batches = batches;
      this.meter.observe(() => {
        for (const [asked, instruments] of batches) {
          observeBatch(asked, instruments, () => batches.has(asked), this.warn);
        }
      });
    }
    this.batches.set(
      callback,
      observables.filter((observable) => observable instanceof ObservedInstrument),
    );
  }

  removeBatchObservableCallback(callback: BatchObservableCallback): void {
    this.batches?.delete(callback);
  }

  /** Asked for twice it is the same one: all its callbacks speak for it. */
  private observable(key: string, make: () => Instrument<Adder> | Instrument<Setter>): Observable {
    const known = this.observables.get(key);
    if (known !== undefined) return known;
    const observed = new ObservedInstrument(make(), this.warn);
    this.observables.set(key, observed);
    this.meter.observe(() => observed.observe());
    return observed;
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
