import { createRequire } from 'node:module';
import type { Agent } from '../../engine/engine.js';
import type { Instrumentation, LoadedLibrary } from '../instrumentation.js';
import type { offer } from './require-hook.js';

/** What is used of an unmodified OpenTelemetry instrumentation. */
interface OtelInstrumentation {
  /** Every library, with the versions and files it patches. */
  getModuleDefinitions(): readonly {
    readonly name: string;
    readonly supportedVersions: readonly string[];
    readonly files: readonly { readonly name: string; readonly supportedVersions: readonly string[] }[];
  }[];
  disable(): void;
}

/** What the built `otel/shared.cjs` exports beside the packages. */
interface Shared {
  readonly offer: typeof offer;
  readonly satisfies: (version: string, range: string) => boolean;
}

/**
 * The libraries of one OpenTelemetry package as instrumentations of ours. Its program, and once for all of them the code
 * they share, is loaded when the application first asks for one of the libraries; then the files it declares for that
 * version are given to it as they are loaded. A fault in one switches that one off. `around` may then add to the exports
 * what the instrumentation leaves out.
 */
export function fromOtel(
  program: string,
  libraries: readonly string[],
  around?: (exports: unknown) => void,
): Instrumentation[] {
  let created: OtelInstrumentation | undefined;
  let failed = false;

  const guarded = (agent: Agent, exports: unknown, work: (otel: OtelInstrumentation, shared: Shared) => unknown) => {
    if (failed || agent.standBack.happened) return exports;
    try {
      const require = createRequire(__filename);
      const shared = require('./otel/shared.cjs') as Shared;
      if (created === undefined) {
        const made = (require(`./otel/${program}.cjs`) as { create: () => OtelInstrumentation }).create();
        created = made;
        agent.standBack.whenItHappens(() => made.disable());
      }
      return work(created, shared);
    } catch (error) {
      failed = true;
      agent.warn(`otel ${program}`, `could not observe ${program}; it works as without the agent`, error);
      created?.disable();
      return exports;
    }
  };

  return libraries.map((library) => ({
    library,
    patch: (exports, agent, loaded) =>
      guarded(agent, undefined, (_, shared) => {
        const observed = shared.offer(exports, library, loaded.directory);
        around?.(observed ?? exports);
        return observed;
      }),
    files: (agent, loaded) => {
      const wanted = new Map<string, (exports: unknown) => unknown>();
      guarded(agent, undefined, (otel, shared) => {
        const names = declaredFiles(otel, shared, loaded);
        // Redis 4 is told by `@redis/client`, whatever the version of `redis` is.
        if (names === undefined && library === libraries[0]) {
          agent.warn(`version ${library}`, `${library} ${loaded.version} is not known; it is left alone`);
        }
        for (const name of names ?? []) {
          wanted.set(name.slice(library.length + 1), (exports) =>
            guarded(agent, exports, () => shared.offer(exports, name, loaded.directory)),
          );
        }
      });
      return wanted;
    },
  }));
}

/** Names of the files that are declared for this version; `undefined` when the version is none of those declared. */
function declaredFiles(otel: OtelInstrumentation, shared: Shared, loaded: LoadedLibrary): string[] | undefined {
  const fits = (ranges: readonly string[]): boolean => ranges.some((range) => shared.satisfies(loaded.version, range));
  const definitions = otel.getModuleDefinitions().filter(({ name }) => name === loaded.name);
  const fitting = definitions.filter(({ supportedVersions }) => fits(supportedVersions));
  if (definitions.length > 0 && fitting.length === 0) return undefined;
  return fitting.flatMap(({ files }) => files.filter((file) => fits(file.supportedVersions)).map(({ name }) => name));
}
