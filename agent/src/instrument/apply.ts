import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Ledger } from '../doctor/ledger.js';
import type { Agent } from '../engine/engine.js';
import { watchEsModules } from '../hook/esm-hook.js';
import { watchMarkedModules } from '../hook/marked-modules.js';
import { type LibraryWatcher, watchModules } from '../hook/module-load.js';
import { isSupported } from '../hook/supported-version.js';
import type { OnFile } from '../hook/wanted-files.js';
import type { Instrumentation, LoadedLibrary } from './instrumentation.js';

/**
 * Starts the instrumentations the user did not turn off, each guarded: a fault of one is told once and touches nothing
 * else. `programs` is the directory of the built files, `script` the application's main file.
 */
export function applyInstrumentations(
  table: readonly Instrumentation[],
  agent: Agent,
  programs: string,
  script: string | undefined,
  ledger: Ledger | undefined,
): void {
  const watchers = new Map<string, LibraryWatcher>();
  for (const instrumentation of table) {
    const { library, start, builtin } = instrumentation;
    if (agent.config.disabledInstrumentations.includes(library)) {
      ledger?.({ kind: 'disabled', name: library });
      continue;
    }
    if (start !== undefined) {
      guarded(agent, library, () => start(agent));
      ledger?.({ kind: 'started', name: library });
    }
    if (builtin !== undefined) {
      const onBuiltin = (exports: unknown) => void guarded(agent, library, () => builtin(exports, agent));
      for (const name of [library, `node:${library}`]) watchers.set(name, { onBuiltin });
    }
    if (instrumentation.patch ?? instrumentation.files)
      watchers.set(library, watcherOf(instrumentation, agent, ledger));
  }
  watchModules(watchers);
  watchMarkedModules(watchers);
  watchEsModules(script, {
    names: new Set(watchers.keys()),
    worthThread: table.flatMap(({ esModule, library }) => (esModule && watchers.has(library) ? [library] : [])),
    loader: join(programs, 'esm-loader.mjs'),
    loadBuiltin: createRequire(__filename),
  });
}

function watcherOf(
  { library, versions, patch, files }: Instrumentation,
  agent: Agent,
  ledger: Ledger | undefined,
): LibraryWatcher {
  const saw = ({ name, version, directory }: LoadedLibrary): void =>
    ledger?.({ kind: 'library', name, version, directory });
  const isKnown = (version: string): boolean => {
    if (versions === undefined || isSupported(version, versions)) return true;
    agent.warn(
      `version ${library}`,
      `${library} ${version} is not known (${versions[0]} up to ${versions[1]}); it is left alone`,
    );
    return false;
  };
  return {
    ...(patch && {
      onMain: (exports, loaded) => {
        saw(loaded);
        return isKnown(loaded.version) ? guarded(agent, library, () => patch(exports, agent, loaded)) : undefined;
      },
    }),
    ...(files && {
      filesOf: (loaded) => {
        saw(loaded);
        const wanted = new Map<string, OnFile>();
        if (!isKnown(loaded.version)) return wanted;
        guarded(agent, library, () => {
          for (const [path, onFile] of files(agent, loaded)) {
            wanted.set(path, (exports) => guarded(agent, library, () => onFile(exports)));
          }
        });
        return wanted;
      },
    }),
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
