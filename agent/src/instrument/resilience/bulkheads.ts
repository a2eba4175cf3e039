import { activeContext, spanOf } from '../../context/context.js';
import type { Agent } from '../../engine/engine.js';
import type { Scope } from '../../record/scope.js';

/** What a bulkhead holds at the moment; absent where it has no limit, and so counts nothing. */
export interface BulkheadLoad {
  readonly executing: number | undefined;
  readonly queued: number | undefined;
}

/** How much is executing and queued in the bulkheads of a library, read at each export, and what was refused, when it is. */
export class Bulkheads {
  private readonly watched = new Map<() => BulkheadLoad | undefined, () => string>();
  private readonly rejections;

  constructor({ meter }: Agent, scope: Scope) {
    const executing = meter.gauge(scope, 'bulkhead.executing', {
      unit: '{execution}',
      description: 'Calls that a bulkhead lets through at the moment.',
    });
    const queued = meter.gauge(scope, 'bulkhead.queued', {
      unit: '{execution}',
      description: 'Calls that wait for a bulkhead.',
    });
    this.rejections = meter.counter(scope, 'bulkhead.rejected.count', {
      unit: '{execution}',
      description: 'Calls that found a bulkhead and its queue full.',
    });
    meter.observe(() => {
      executing.clear();
      queued.clear();
      for (const [read, name] of this.watched) {
        const load = read();
        if (load === undefined) {
          this.watched.delete(read);
          continue;
        }
        const about = { 'bulkhead.name': name() };
        if (load.executing !== undefined) executing.series(about).set(load.executing);
        if (load.queued !== undefined) queued.series(about).set(load.queued);
      }
    });
  }

  /** `read` answers `undefined` once the application has forgotten the bulkhead; it must not keep it alive. */
  watch(name: () => string, read: () => BulkheadLoad | undefined): void {
    this.watched.set(read, name);
  }

  /** A call was refused: counted, and an event of the span that is active. */
  reject(name: string): void {
    this.rejections.series({ 'bulkhead.name': name }).add(1);
    spanOf(activeContext())?.addEvent('bulkhead.rejected', { 'bulkhead.name': name });
  }
}
