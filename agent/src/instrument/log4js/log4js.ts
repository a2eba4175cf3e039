import { format } from 'node:util';
import { activeContext } from '../../context/context.js';
import { type LineFacts, lineFactsOf } from '../../context/line-facts.js';
import type { Agent } from '../../engine/engine.js';
import { override } from '../../hook/override.js';
import { exceptionAttributes } from '../../record/line-fields.js';
import type { Scope } from '../../record/scope.js';
import { severityOfName } from '../../record/severity.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';
import { withIds } from '../line-ids.js';

const SCOPE: Scope = { name: '@orrery/agent/log4js', version: AGENT_VERSION };

interface Level {
  readonly levelStr: string;
}
interface Logger {
  readonly category: string;
  /** Copied into each event; `%X{name}` in patterns. */
  context: Record<string, unknown>;
  _log(level: Level, data: unknown[]): void;
}
type Layout = (event: unknown) => unknown;
type MakeLayout = (config: unknown) => Layout;
interface Log4js {
  addLayout: (name: string, make: MakeLayout) => void;
}

/**
 * log4js 6. It has no layout for JSON of its own: lines of layouts that the application adds and that are JSON objects get
 * the ids, patterns can ask for them (`%X{trace_id}`), other lines stay as they are.
 */
export const log4js: Instrumentation = {
  library: 'log4js',
  versions: ['6.0.0', '7.0.0'],
  patch: (exports, agent, library) => {
    const { prototype } = library.require('./lib/logger.js') as { prototype: Logger };
    const log = Reflect.get(prototype, '_log') as Logger['_log'];
    override(prototype, {
      _log(this: Logger, level, data) {
        const facts = lineFactsOf(activeContext());
        exportLine(agent, this, level, data);
        if (facts === undefined || !agent.config.logFields) return log.call(this, level, data);
        const { context } = this;
        this.context = { ...idsOf(facts), ...context };
        try {
          return log.call(this, level, data);
        } finally {
          this.context = context;
        }
      },
    });
    if (agent.config.logFields) addIdsToLayouts(exports as Log4js);
  },
};

function addIdsToLayouts(log4js: Log4js): void {
  const { addLayout } = log4js;
  override(log4js, {
    addLayout(this: unknown, name, make) {
      const observed: MakeLayout = (config) => {
        const layout = make(config);
        return typeof layout === 'function' ? (event) => lineOf(layout(event)) : layout;
      };
      return addLayout.call(this, name, typeof make === 'function' ? observed : make);
    },
  });
}

function lineOf(line: unknown): unknown {
  const facts = typeof line === 'string' ? lineFactsOf(activeContext()) : undefined;
  return facts === undefined ? line : withIds(line as string, facts);
}

function idsOf({ traceId, spanId, correlationId, sagaId }: LineFacts): Record<string, string> {
  const ids = { trace_id: traceId, span_id: spanId, correlation_id: correlationId };
  return sagaId === undefined ? ids : { ...ids, saga_id: sagaId };
}

function exportLine(agent: Agent, logger: Logger, level: Level, data: unknown[]): void {
  if (!agent.recorder.logsEnabled) return;
  try {
    const error = data.find((item) => item instanceof Error);
    agent.recorder.emitLog({
      scope: SCOPE,
      severityNumber: severityOfName(level.levelStr.toLowerCase()),
      severityText: level.levelStr,
      body: format(...data),
      attributes: { 'log4js.category': logger.category, ...(error === undefined ? {} : exceptionAttributes(error)) },
    });
  } catch (fault) {
    agent.warn('log4js', 'could not export a line of log4js', fault);
  }
}
