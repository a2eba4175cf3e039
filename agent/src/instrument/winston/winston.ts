import type { Context } from '@opentelemetry/api';
import { activeContext } from '../../context/context.js';
import { lineFactsOf } from '../../context/line-facts.js';
import type { Agent } from '../../engine/engine.js';
import { behind, override } from '../../hook/override.js';
import { exceptionAttributes, lineAttributes } from '../../record/line-fields.js';
import type { Scope } from '../../record/scope.js';
import { severityOfName } from '../../record/severity.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';
import { withIds } from '../line-ids.js';

const SCOPE: Scope = { name: '@orrery/agent/winston', version: AGENT_VERSION };
/** winston's own symbols (package triple-beam). */
const LEVEL = Symbol.for('level');
const MESSAGE = Symbol.for('message');
/** Where a line was logged: a logger under pressure formats it later, in somebody else's context. */
const CONTEXT = Symbol('orrery.context');

interface Info {
  level: string;
  message: unknown;
  [LEVEL]?: string;
  [MESSAGE]?: unknown;
  [CONTEXT]?: Context;
  [key: string]: unknown;
}
interface Logger {
  write: (this: Logger, info: unknown, ...rest: unknown[]) => boolean;
  push: (this: Logger, info: unknown, encoding?: BufferEncoding) => boolean;
  isLevelEnabled?(level: string): boolean;
}
interface JsonFormat {
  Format: { prototype: { transform: (this: unknown, info: Info, options: unknown) => Info | false } };
}

/**
 * winston 3. Ids go into lines that `format.json` makes, wherever it stands in the chain; other formats are plain text
 * and stay byte for byte. Exported is the info after the logger's format, so that what a format takes out stays out.
 */
export const winston: Instrumentation = {
  library: 'winston',
  versions: ['3.0.0', '4.0.0'],
  patch: (exports, agent) => {
    const { Logger, format } = exports as { Logger: { prototype: Logger }; format: { json: JsonFormat } };
    observeLogger(Logger.prototype, agent);
    if (agent.config.logFields) addIds(format.json.Format.prototype);
  },
};

function observeLogger(prototype: Logger, agent: Agent): void {
  // Inherited from winston's own copy of Transform.
  const writing = behind(prototype, 'write');
  const pushing = behind(prototype, 'push');
  override(prototype, {
    write(this: Logger, info, ...rest) {
      if (typeof info === 'object' && info !== null && Object.isExtensible(info)) {
        Object.defineProperty(info, CONTEXT, { value: activeContext(), configurable: true });
      }
      return writing.write.call(this, info, ...rest);
    },
    push(this: Logger, info, encoding) {
      if (typeof info === 'object' && info !== null) exportInfo(agent, this, info as Info);
      return pushing.push.call(this, info, encoding);
    },
  });
}

function addIds(prototype: JsonFormat['Format']['prototype']): void {
  const { transform } = prototype;
  override(prototype, {
    transform(info, options) {
      const context = info[CONTEXT] ?? activeContext();
      const formatted = transform.call(this, info, options);
      if (formatted === false) return formatted;
      const facts = lineFactsOf(context);
      const line = formatted[MESSAGE];
      if (facts !== undefined && typeof line === 'string') formatted[MESSAGE] = withIds(line, facts);
      return formatted;
    },
  });
}

function exportInfo(agent: Agent, logger: Logger, info: Info): void {
  if (!agent.recorder.logsEnabled) return;
  try {
    const level = info[LEVEL] ?? info.level;
    if (logger.isLevelEnabled?.(level) === false) return;
    const { message } = info;
    const stack = typeof info['stack'] === 'string' ? exceptionAttributes({ ...info, name: 'Error' }) : {};
    const { stack: _, ...fields } = info;
    agent.recorder.emitLog(
      {
        scope: SCOPE,
        severityNumber: severityOfName(level),
        severityText: level,
        body: typeof message === 'string' ? message : JSON.stringify(message),
        attributes: { ...lineAttributes(fields, 'message', 'error'), ...stack },
      },
      info[CONTEXT] ?? activeContext(),
    );
  } catch (error) {
    agent.warn('winston', 'could not export a line of winston', error);
  }
}
