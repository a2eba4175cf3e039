import type { TracerProvider } from '@opentelemetry/api';
import { type ApiPlace, yieldApiGlobal } from '../../engine/api-globals.js';
import type { Agent } from '../../engine/engine.js';
import { override } from '../../hook/override.js';
import type { Instrumentation } from '../instrumentation.js';

type Register = (this: unknown, implementation: unknown) => unknown;
type Registry = Record<string, unknown>;

/** Which of the API's functions registers what. */
const REGISTERS: readonly [api: string, register: string, place: ApiPlace][] = [
  ['trace', 'setGlobalTracerProvider', 'trace'],
  ['context', 'setGlobalContextManager', 'context'],
  ['propagation', 'setGlobalPropagator', 'propagation'],
  ['metrics', 'setGlobalMeterProvider', 'metrics'],
];

/**
 * `@opentelemetry/api`: an application that registers an SDK of its own (`NodeSDK.start()`) would find the places taken.
 * It gets them, and with its tracer provider the agent stands back.
 */
export const opentelemetryApi: Instrumentation = {
  library: '@opentelemetry/api',
  versions: ['1.0.0', '2.0.0'],
  patch: (exports, agent, { version }) => {
    for (const [api, register, place] of REGISTERS) {
      const registry = (exports as Record<string, Registry | undefined>)[api];
      const original = registry?.[register] as Register | undefined;
      if (registry === undefined || original === undefined) continue;
      override(registry, {
        [register](implementation: unknown): unknown {
          giveWay(agent, place, version, implementation);
          return original.call(this, implementation);
        },
      });
    }
  },
};

function giveWay(agent: Agent, place: ApiPlace, version: string, implementation: unknown): void {
  if (agent.config.engine !== 'own') return;
  const former = yieldApiGlobal(place, version);
  if (place !== 'trace') return;
  (former as { giveWayTo?: (successor: TracerProvider) => void } | undefined)?.giveWayTo?.(
    implementation as TracerProvider,
  );
  agent.standBack.now();
}
