import type { Agent } from '../../engine/engine.js';
import { override } from '../../hook/override.js';
import type { Exemplar } from '../../record/exemplar.js';
import type { Adder, Instrument, Setter } from '../../record/meter.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';

const SCOPE: Scope = { name: '@orrery/agent/prom-client', version: AGENT_VERSION };

type Labels = Record<string, string | number>;
interface Sample {
  /** The successor leaves them out where there are none. */
  readonly labels?: Labels;
  readonly value: number;
  /** Of histograms and summaries: `…_bucket`, `…_sum`, `…_count`. */
  readonly metricName?: string;
  /** With `enableExemplars`; `timestamp` in seconds. */
  readonly exemplar?: { readonly labelSet?: Labels; readonly value: number; readonly timestamp?: number } | null;
}
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly values: readonly Sample[];
}
interface Registry {
  getMetricsAsJSON(): Metric[] | Promise<Metric[]>;
}

/**
 * prom-client 13–15 and its successor: what the application counts for Prometheus is exported as OTLP as well, under the
 * same names. Its registries answer asynchronously, so an export tells what they held at the export before; the last one at
 * exit too.
 */
export const promClient: Instrumentation = {
  library: 'prom-client',
  versions: ['13.0.0', '16.0.0'],
  patch: bridgeRegistries,
};

/** The same library under its new name and roof. */
export const prometheusClient: Instrumentation = {
  library: '@prometheus-io/client',
  versions: ['0.15.0', '2.0.0'],
  patch: bridgeRegistries,
};

function bridgeRegistries(exports: unknown, agent: Agent): void {
  const library = exports as {
    register: Registry;
    Registry: { prototype: { registerMetric: (this: Registry, metric: unknown) => void } };
  };
  // Held weakly: an application may make one for each scrape.
  const registries = new Set([new WeakRef(library.register)]);
  const known = new WeakSet([library.register]);
  const { prototype } = library.Registry;
  const { registerMetric } = prototype;
  override(prototype, {
    registerMetric(this: Registry, metric) {
      if (!known.has(this) && !isSummedUp(metric)) {
        known.add(this);
        registries.add(new WeakRef(this));
      }
      registerMetric.call(this, metric);
    },
  });
  const bridge = new Bridge(agent);
  let reading = false;
  agent.meter.observe(() => {
    if (reading) return;
    reading = true;
    const alive = [...registries].flatMap((reference) => {
      const registry = reference.deref();
      if (registry === undefined) registries.delete(reference);
      return registry ?? [];
    });
    void Promise.all(alive.map(async (registry) => registry.getMetricsAsJSON()))
      .then((read) => bridge.take(read.flat()))
      .catch((error: unknown) => agent.warn('prom-client', 'could not read a prom-client registry', error))
      .finally(() => {
        reading = false;
      });
  });
}

/** The sum of what the workers of a cluster count, which they tell themselves: a plain object, no metric of a class. */
function isSummedUp(metric: unknown): boolean {
  return typeof metric === 'object' && metric !== null && Object.getPrototypeOf(metric) === Object.prototype;
}

/** One series of a histogram, as its samples are gathered. */
interface Buckets {
  readonly labels: Labels;
  readonly buckets: [le: number, count: number][];
  readonly exemplars: Exemplar[];
  sum: number;
}

const TRACE_ID_LABEL = /^trace_?id$/i;
const SPAN_ID_LABEL = /^span_?id$/i;

/** OpenMetrics keeps ids in labels, whose names differ from house to house; OTLP has fields for them. */
function exemplarsOf(exemplar: Sample['exemplar']): Exemplar[] | undefined {
  if (typeof exemplar !== 'object' || exemplar === null || !Number.isFinite(exemplar.value)) return undefined;
  let traceId: string | undefined;
  let spanId: string | undefined;
  const attributes: Labels = {};
  for (const [name, value] of Object.entries(exemplar.labelSet ?? {})) {
    const text = String(value).toLowerCase();
    if (TRACE_ID_LABEL.test(name) && /^[\da-f]{32}$/.test(text)) traceId = text;
    else if (SPAN_ID_LABEL.test(name) && /^[\da-f]{16}$/.test(text)) spanId = text;
    else attributes[name] = value;
  }
  const timeMs = exemplar.timestamp === undefined ? Date.now() : exemplar.timestamp * 1000;
  return [{ value: exemplar.value, timeMs, traceId, spanId, attributes }];
}

class Bridge {
  constructor(private readonly agent: Agent) {}

  take(metrics: Metric[]): void {
    for (const metric of metrics) {
      if (metric.type === 'counter') this.set(this.counter(metric, metric.name), metric.values);
      else if (metric.type === 'gauge') this.set(this.gauge(metric), metric.values);
      else if (metric.type === 'histogram') this.histogram(metric);
      else this.summary(metric);
    }
  }

  private counter(metric: Metric, name: string): Instrument<Adder> {
    return this.agent.meter.counter(SCOPE, name, { description: metric.help });
  }

  private gauge(metric: Metric): Instrument<Setter> {
    return this.agent.meter.gauge(SCOPE, metric.name, { description: metric.help });
  }

  /** Series that were removed from prom-client must not be told for ever. */
  private set(instrument: Instrument<Adder> | Instrument<Setter>, samples: readonly Sample[]): void {
    instrument.clear();
    for (const { labels = {}, value, exemplar } of samples) {
      instrument.series(labels).set(value, exemplarsOf(exemplar));
    }
  }

  /** Prometheus' buckets add up from below, OTLP's do not. */
  private histogram(metric: Metric): void {
    const series = new Map<string, Buckets>();
    for (const sample of metric.values) {
      const { le, ...labels } = sample.labels ?? {};
      const key = JSON.stringify(labels);
      const known = series.get(key) ?? { labels, buckets: [], sum: 0, exemplars: [] };
      series.set(key, known);
      if (sample.metricName?.endsWith('_bucket')) {
        known.buckets.push([le === '+Inf' ? Infinity : Number(le), sample.value]);
        known.exemplars.push(...(exemplarsOf(sample.exemplar) ?? []));
      } else if (sample.metricName?.endsWith('_sum')) known.sum = sample.value;
    }
    let isCleared = false;
    for (const { labels, buckets, sum, exemplars } of series.values()) {
      buckets.sort(([a], [b]) => a - b);
      const boundaries = buckets.map(([le]) => le).filter((le) => le !== Infinity);
      const counts = buckets.map(([, count], i) => count - (buckets[i - 1]?.[1] ?? 0));
      const instrument = this.agent.meter.histogram(SCOPE, metric.name, { description: metric.help, boundaries });
      if (!isCleared) instrument.clear();
      isCleared = true;
      instrument.series(labels).replace(counts, sum, exemplars);
    }
  }

  private summary(metric: Metric): void {
    const of = (suffix: string): Sample[] =>
      metric.values.filter((sample) => sample.metricName === `${metric.name}${suffix}`);
    this.set(this.counter(metric, `${metric.name}_sum`), of('_sum'));
    this.set(this.counter(metric, `${metric.name}_count`), of('_count'));
    this.set(
      this.gauge(metric),
      metric.values.filter((sample) => 'quantile' in (sample.labels ?? {})),
    );
  }
}
