import { format } from 'node:util';
import { override } from '../../hook/override.js';
import { exceptionAttributes } from '../../record/line-fields.js';
import type { Scope } from '../../record/scope.js';
import { Severity } from '../../record/severity.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';

const SCOPE: Scope = { name: '@orrery/agent/console', version: AGENT_VERSION };

const METHODS = {
  log: Severity.info,
  info: Severity.info,
  debug: Severity.debug,
  warn: Severity.warn,
  error: Severity.error,
  trace: Severity.trace,
} as const;

/** The global console: what it writes stays as it was; the same text is exported as a log record. */
export const consoleInstrumentation: Instrumentation = {
  library: 'console',
  start: (agent) => {
    if (!agent.recorder.logsEnabled) return;
    for (const [method, severityNumber] of Object.entries(METHODS) as [keyof typeof METHODS, number][]) {
      const original = console[method];
      override(console, {
        [method](this: Console, ...args: unknown[]): void {
          original.apply(this, args);
          // What is printed can hold code of the application (`inspect.custom`, getters), which may fail the second time.
          try {
            const error = args.find((arg) => arg instanceof Error);
            agent.recorder.emitLog({
              scope: SCOPE,
              severityNumber,
              severityText: method,
              body: format(...args),
              ...(error === undefined ? {} : { attributes: exceptionAttributes(error) }),
            });
          } catch (fault) {
            agent.warn('console', 'could not export a line of the console', fault);
          }
        },
      });
    }
  },
};
