import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import type { Agent } from '../../engine/engine.js';
import type { Scope } from '../../record/scope.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';

const SCOPE: Scope = { name: '@orrery/agent/runtime', version: AGENT_VERSION };

/** Milliseconds between two looks of Node's own event-loop timer. */
const DELAY_RESOLUTION_MS = 20;
const NANOS = 1e9;

/** `kind` of a garbage collection entry (perf_hooks constants) as `v8js.gc.type` names it. */
const GC_TYPES: Readonly<Record<number, string>> = { 1: 'minor', 4: 'major', 8: 'incremental', 16: 'weakcb' };

/**
 * The Node runtime and its process, named as OTel's semantic conventions for `nodejs.*`, `v8js.*` and `process.*`.
 * Levels are read right before each export, so an idle process pays nothing in between.
 */
export const runtime: Instrumentation = {
  library: 'runtime',
  start: (agent) => {
    if (agent.config.metricsExporter === 'none') return;
    observeEventLoop(agent);
    observeMemory(agent);
    observeCpu(agent);
    observeGarbageCollection(agent);
  },
};

function observeEventLoop({ meter }: Agent): void {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  const gauge = (name: string, unit: string, description: string) =>
    meter.gauge(SCOPE, name, { unit, description }).series({});
  const quantiles = ([50, 90, 99] as const).map((percentile) => ({
    percentile,
    series: gauge(`nodejs.eventloop.delay.p${percentile}`, 's', `Event loop delay, percentile ${percentile}.`),
  }));
  const mean = gauge('nodejs.eventloop.delay.mean', 's', 'Event loop delay, mean.');
  const maximum = gauge('nodejs.eventloop.delay.max', 's', 'Event loop delay, maximum.');
  const utilization = gauge('nodejs.eventloop.utilization', '1', 'Share of time the event loop was busy.');
  let before = performance.eventLoopUtilization();
  meter.observe(() => {
    const now = performance.eventLoopUtilization();
    utilization.set(performance.eventLoopUtilization(now, before).utilization);
    before = now;
    for (const { percentile, series } of quantiles) series.set(delay.percentile(percentile) / NANOS);
    mean.set(delay.mean / NANOS);
    maximum.set(delay.max / NANOS);
    delay.reset();
  });
}

function observeMemory({ meter }: Agent): void {
  const options = { unit: 'By' };
  const rss = meter.gauge(SCOPE, 'process.memory.usage', { ...options, description: 'Resident memory.' }).series({});
  const used = meter.gauge(SCOPE, 'v8js.memory.heap.used', { ...options, description: 'Heap in use, by space.' });
  const limit = meter.gauge(SCOPE, 'v8js.memory.heap.limit', {
    ...options,
    description: 'Largest the heap may become.',
  });
  const external = meter
    .gauge(SCOPE, 'v8js.memory.external', { ...options, description: 'Buffers outside of the heap.' })
    .series({});
  meter.observe(() => {
    rss.set(process.memoryUsage.rss());
    limit.series({}).set(getHeapStatistics().heap_size_limit);
    external.set(process.memoryUsage().external);
    for (const space of getHeapSpaceStatistics()) {
      used.series({ 'v8js.heap.space.name': space.space_name }).set(space.space_used_size);
    }
  });
}

function observeCpu({ meter }: Agent): void {
  const time = meter.counter(SCOPE, 'process.cpu.time', { unit: 's', description: 'Processor time spent.' });
  const user = time.series({ 'cpu.mode': 'user' });
  const system = time.series({ 'cpu.mode': 'system' });
  const uptime = meter
    .gauge(SCOPE, 'process.uptime', { unit: 's', description: 'Time since the process began.' })
    .series({});
  meter.observe(() => {
    const spent = process.cpuUsage();
    user.set(spent.user / 1e6);
    system.set(spent.system / 1e6);
    uptime.set(process.uptime());
  });
}

function observeGarbageCollection({ meter }: Agent): void {
  const duration = meter.histogram(SCOPE, 'v8js.gc.duration', {
    unit: 's',
    description: 'Duration of garbage collections.',
    boundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const kind = (entry as { detail?: { kind?: number } }).detail?.kind ?? 0;
      duration.series({ 'v8js.gc.type': GC_TYPES[kind] ?? 'other' }).record(entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
}
