import type { Exception } from '@opentelemetry/api';
import { activeContext, spanOf } from '../../context/context.js';
import { exceptionAttributes } from '../../record/recorded-span.js';
import type { Scope } from '../../record/scope.js';
import { thrownText } from '../../record/thrown-text.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';

const SCOPE: Scope = { name: '@orrery/agent/process', version: AGENT_VERSION };
const FATAL = 21;

/**
 * What ends a process by mistake: an uncaught error becomes a FATAL log record and an event of the span it happened in.
 * Through the monitor, which is told and changes nothing (a listener of `uncaughtException` would keep the process alive).
 */
export const processInstrumentation: Instrumentation = {
  library: 'process',
  start: (agent) => {
    process.on('uncaughtExceptionMonitor', (error: unknown, origin) => {
      const context = activeContext();
      const exception: Exception = error instanceof Error ? error : thrownText(error);
      spanOf(context)?.recordException(exception);
      agent.recorder.emitLog(
        {
          scope: SCOPE,
          severityNumber: FATAL,
          severityText: 'FATAL',
          body: error instanceof Error ? `${error.name}: ${error.message}` : thrownText(error),
          eventName: 'exception',
          attributes: { ...exceptionAttributes(exception), 'process.exception.origin': origin },
        },
        context,
      );
    });
  },
};
