import { activeContext } from '../../context/context.js';
import { lineFactsOf } from '../../context/line-facts.js';
import type { Agent } from '../../engine/engine.js';
import { override } from '../../hook/override.js';
import type { Scope } from '../../record/scope.js';
import { severityOfNumber } from '../../record/severity.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';
import { withIds } from '../line-ids.js';

const SCOPE: Scope = { name: '@orrery/agent/pino', version: AGENT_VERSION };

interface Logger {
  readonly levels?: { readonly labels: Readonly<Record<number, string>> };
  [key: symbol]: unknown;
}
type AsJson = (this: Logger, fields: object, message: unknown, level: number, time: string) => string;
interface Symbols {
  readonly asJsonSym: symbol;
  readonly messageKeySym: symbol;
  readonly errorKeySym: symbol;
}

/**
 * pino 7–10: every line, of child loggers and on its way to worker-thread transports too, is made by one method of the
 * prototype. What is exported is read back from the finished line, so that the application's redaction, serializers and
 * formatters hold for it as well.
 */
export const pino: Instrumentation = {
  library: 'pino',
  versions: ['7.0.0', '11.0.0'],
  patch: (exports, agent, library) => {
    const { symbols } = exports as { symbols: Symbols };
    const makePrototype = library.require('./lib/proto.js') as () => object;
    const prototype = Object.getPrototypeOf(makePrototype()) as Logger;
    const asJson = prototype[symbols.asJsonSym] as AsJson;
    override(prototype, {
      [symbols.asJsonSym](this: Logger, fields: object, message: unknown, level: number, time: string) {
        const line = asJson.call(this, fields, message, level, time);
        const facts = lineFactsOf(activeContext());
        exportLine(agent, this, symbols, line, level);
        return facts === undefined || !agent.config.logFields ? line : withIds(line, facts);
      },
    });
  },
};

function exportLine(agent: Agent, logger: Logger, symbols: Symbols, text: string, level: number): void {
  if (!agent.recorder.logsEnabled) return;
  agent.recorder.emitLog({
    scope: SCOPE,
    severityNumber: severityOfNumber(level),
    severityText: logger.levels?.labels[level],
    line: {
      text,
      messageKey: (logger[symbols.messageKeySym] as string | undefined) ?? 'msg',
      errorKey: (logger[symbols.errorKeySym] as string | undefined) ?? 'err',
    },
  });
}
