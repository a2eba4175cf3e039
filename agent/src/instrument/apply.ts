import type { Agent } from '../engine/engine.js';
import { type OnLibrary, watchModules } from '../hook/module-load.js';
import { isSupported } from '../hook/supported-version.js';
import type { Instrumentation } from './instrumentation.js';

/** Starts the instrumentations the user did not turn off, each guarded: a fault of one is told once and touches nothing else. */
export function applyInstrumentations(table: readonly Instrumentation[], agent: Agent): void {
  const watchers = new Map<string, OnLibrary>();
  for (const instrumentation of table) {
    const { library, start } = instrumentation;
    if (agent.config.disabledInstrumentations.includes(library)) continue;
    if (start !== undefined) guarded(agent, library, () => start(agent));
    if (instrumentation.patch !== undefined) watchers.set(library, watcherOf(instrumentation, agent));
  }
  watchModules(watchers);
}

function watcherOf({ library, versions, patch }: Instrumentation, agent: Agent): OnLibrary {
  return (exports, loaded) => {
    if (versions !== undefined && !isSupported(loaded.version, versions)) {
      agent.warn(
        `version ${library}`,
        `${library} ${loaded.version} is not known (${versions[0]} up to ${versions[1]}); it is left alone`,
      );
      return undefined;
    }
    return guarded(agent, library, () => patch?.(exports, agent, loaded));
  };
}

function guarded(agent: Agent, library: string, work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    agent.warn(`patch ${library}`, `could not observe ${library}; it works as without the agent`, error);
    return undefined;
  }
}
