import { createRequire } from 'node:module';
import { override } from '../../hook/override.js';
import type { Instrumentation } from '../instrumentation.js';

interface Queue {
  readonly opts: { telemetry?: unknown };
  trace: (this: Queue, ...args: unknown[]) => unknown;
}

/**
 * BullMQ tells of itself through an interface of its own; the unmodified `bullmq-otel` is the OpenTelemetry side of it.
 * Queues and workers that were given none get it when they first do something; context travels in the job's options.
 */
export const bullmq: Instrumentation = {
  library: 'bullmq',
  versions: ['5.53.0', '7.0.0'],
  files: (agent) => {
    let telemetry: unknown;
    let failed = false;
    const ours = (): unknown => {
      if (failed) return undefined;
      try {
        const require = createRequire(__filename);
        telemetry ??= (require('./otel/bullmq.cjs') as { create: () => unknown }).create();
      } catch (error) {
        failed = true;
        agent.warn('patch bullmq', 'could not observe bullmq; it works as without the agent', error);
      }
      return telemetry;
    };
    return new Map([
      [
        'dist/cjs/classes/queue-base.js',
        (exports: unknown) => {
          const { prototype } = (exports as { QueueBase: { prototype: Queue } }).QueueBase;
          const trace = Reflect.get(prototype, 'trace') as Queue['trace'];
          override(prototype, {
            trace(this: Queue, ...args) {
              if (this.opts.telemetry === undefined) {
                const given = ours();
                if (given !== undefined) this.opts.telemetry = given;
              }
              return trace.apply(this, args);
            },
          });
        },
      ],
      [
        'dist/cjs/classes/flow-producer.js',
        (exports: unknown) => {
          const { prototype } = (exports as { FlowProducer: { prototype: { telemetry?: unknown } } }).FlowProducer;
          Object.defineProperty(prototype, 'telemetry', { value: ours(), writable: true, configurable: true });
        },
      ],
    ]);
  },
};
