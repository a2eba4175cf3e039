import { inspect } from 'node:util';
import { override } from '../../hook/override.js';
import type { Scope } from '../../record/scope.js';
import { Severity, severityOfName } from '../../record/severity.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';

const SCOPE: Scope = { name: '@orrery/agent/nest', version: AGENT_VERSION };

/** The protected method that all of its levels end in. */
interface ConsoleLogger {
  readonly options?: { readonly forceConsole?: boolean };
  printMessages(this: ConsoleLogger, ...args: Printed): void;
}
type Printed = [
  messages: readonly unknown[],
  context?: string,
  logLevel?: string,
  writeStreamType?: string,
  errorStack?: unknown,
];

/** Nest's own logger writes to stdout past the console: what it writes stays as it was and is exported as well. */
export const nestLogger: Instrumentation = {
  library: '@nestjs/common',
  versions: ['8.0.0', '13.0.0'],
  esModule: true,
  patch: (exports, agent) => {
    if (!agent.recorder.logsEnabled) return;
    const { prototype } = (exports as { ConsoleLogger: { prototype: ConsoleLogger } }).ConsoleLogger;
    const print = prototype.printMessages;
    override(prototype, {
      printMessages(this: ConsoleLogger, ...args) {
        print.apply(this, args);
        // Then it is the console's, which is exported already.
        if (this.options?.forceConsole === true) return;
        const [messages, context = '', level = 'log', , stack] = args;
        for (const message of messages) {
          agent.recorder.emitLog({
            scope: SCOPE,
            severityNumber: level === 'log' ? Severity.info : severityOfName(level),
            severityText: level,
            body: typeof message === 'string' ? message : shown(message),
            attributes: {
              ...(context === '' ? {} : { context }),
              ...(typeof stack === 'string' ? { 'exception.stacktrace': stack } : {}),
            },
          });
        }
      },
    });
  },
};

/** What is logged can hold code of the application, which may fail. */
function shown(message: unknown): string {
  try {
    return inspect(message);
  } catch {
    return '[unprintable]';
  }
}
