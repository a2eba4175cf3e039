import type { Instrumentation } from '../instrumentation.js';

/** The parts of an unmodified OpenTelemetry instrumentation that are used; its module definitions are a semi-private field. */
export interface OtelInstrumentation {
  readonly _modules: readonly ModuleDefinition[];
}

interface ModuleDefinition {
  readonly name: string;
  readonly supportedVersions: readonly string[];
  readonly patch?: (exports: unknown, version?: string) => unknown;
  readonly files: readonly { readonly name: string; readonly patch: (exports: unknown, version?: string) => unknown }[];
}

/**
 * An OpenTelemetry package as an instrumentation of ours: constructed without its own require hooks when the application
 * first loads one of its libraries, then the patches it declares for that library are applied.
 */
export function fromOtel(
  library: string,
  versions: readonly [min: string, below: string],
  packageOf: () => OtelInstrumentation,
): Instrumentation {
  return {
    library,
    versions,
    patch: (exports, _agent, loaded) => {
      const definition = packageOf()._modules.find(({ name }) => name === library);
      if (definition === undefined) return undefined;
      for (const file of definition.files) {
        const path = file.name.slice(library.length + 1);
        // What is not loaded (pg's native client) would have to be installed first.
        const exportsOfFile = loaded.loadedFile(path);
        if (exportsOfFile !== undefined) file.patch(exportsOfFile, loaded.version);
      }
      return definition.patch?.(exports, loaded.version);
    },
  };
}
