import type { Attributes } from '@opentelemetry/api';
import type { Adder, HistogramOptions, Instrument, InstrumentOptions, Meter, Observer, Setter } from './meter.js';
import { DURATION_BOUNDARIES, type MetricKind, MetricTable } from './metric-table.js';
import type { Scope } from './scope.js';

/** The agent's meter: one table an instrument, written out by `encode/metrics.ts` at each export. */
export class OwnMeter implements Meter {
  readonly tables: MetricTable[] = [];
  private readonly callbacks: (() => void)[] = [];

  /**
   * @param limit series one instrument may have
   * @param onFull an instrument has more series than that
   * @param isExponential whether histograms that name no boundaries are exponential
   */
  constructor(
    private readonly limit: number,
    private readonly isExponential: boolean,
    private readonly onFull?: (scope: Scope, name: string) => void,
  ) {}

  counter(scope: Scope, name: string, options: InstrumentOptions = {}): Instrument<Adder> {
    return this.adding(scope, name, 'counter', options);
  }

  upDownCounter(scope: Scope, name: string, options: InstrumentOptions = {}): Instrument<Adder> {
    return this.adding(scope, name, 'upDownCounter', options);
  }

  gauge(scope: Scope, name: string, options: InstrumentOptions = {}): Instrument<Setter> {
    const table = this.table(scope, name, 'gauge', options);
    return instrument(table, (index) => ({ set: (value) => write(table, index, value) }));
  }

  histogram(scope: Scope, name: string, options: HistogramOptions = {}): Instrument<Observer> {
    const fallback = this.isExponential ? undefined : (options.fallback ?? DURATION_BOUNDARIES);
    const table = this.table(scope, name, 'histogram', options, options.boundaries ?? fallback);
    return instrument(table, (index) => ({
      record: (value) => table.observe(index, value),
      replace: (counts, sum, exemplars) => table.replace(index, counts, sum, exemplars),
    }));
  }

  observe(callback: () => void): void {
    this.callbacks.push(callback);
  }

  /** Runs the observers; one that throws is taken out, its fault is the caller's to tell. */
  runObservers(onFault: (fault: unknown) => void): void {
    for (const callback of this.callbacks.slice()) {
      try {
        callback();
      } catch (fault) {
        this.callbacks.splice(this.callbacks.indexOf(callback), 1);
        onFault(fault);
      }
    }
  }

  private adding(scope: Scope, name: string, kind: MetricKind, options: InstrumentOptions): Instrument<Adder> {
    const table = this.table(scope, name, kind, options);
    return instrument(table, (index) => ({
      add: (value) => {
        if (value >= 0 || kind === 'upDownCounter') write(table, index, (table.values[index] as number) + value);
      },
      set: (value, exemplars) => {
        table.isAbsolute = true;
        table.exemplars[index] = exemplars;
        write(table, index, value);
      },
    }));
  }

  private table(
    scope: Scope,
    name: string,
    kind: MetricKind,
    options: InstrumentOptions,
    boundaries?: readonly number[],
  ): MetricTable {
    const known = this.tables.find(
      (table) => table.name === name && table.scope.name === scope.name && table.kind === kind,
    );
    if (known !== undefined) return known;
    const table = new MetricTable(scope, name, kind, options, boundaries, this.limit, () => this.onFull?.(scope, name));
    this.tables.push(table);
    return table;
  }
}

function instrument<Series>(table: MetricTable, handle: (index: number) => Series): Instrument<Series> {
  /** By row: a handle knows nothing but its place. */
  const handles: Series[] = [];
  return {
    series(attributes: Attributes): Series {
      const { index } = table.series.rowOf(attributes);
      const known = handles[index];
      if (known !== undefined) return known;
      table.reserve(index);
      return (handles[index] = handle(index));
    },
    clear: () => table.clear(),
  };
}

function write(table: MetricTable, index: number, value: number): void {
  if (!Number.isFinite(value)) return;
  table.values[index] = value;
  table.touched[index] = 1;
}
