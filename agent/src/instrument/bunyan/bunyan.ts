import { activeContext } from '../../context/context.js';
import { lineFactsOf } from '../../context/line-facts.js';
import { override } from '../../hook/override.js';
import { lineAttributes } from '../../record/line-fields.js';
import type { Scope } from '../../record/scope.js';
import { severityOfNumber } from '../../record/severity.js';
import { AGENT_VERSION } from '../../version.js';
import type { Instrumentation } from '../instrumentation.js';

const SCOPE: Scope = { name: '@orrery/agent/bunyan', version: AGENT_VERSION };

type Fields = Record<string, unknown> & { level: number; msg: unknown };
type Emit = (this: object, fields: Fields, noEmit?: boolean) => unknown;

/** bunyan 1 and 2: every record passes `_emit`, with its serializers already applied. Its lines are always JSON. */
export const bunyan: Instrumentation = {
  library: 'bunyan',
  versions: ['1.0.0', '3.0.0'],
  patch: (exports, agent) => {
    const { prototype } = exports as { prototype: { _emit: Emit } };
    const levels = (exports as { nameFromLevel?: Record<number, string> }).nameFromLevel ?? {};
    const emit = prototype._emit;
    override(prototype, {
      _emit(fields, noEmit) {
        // bunyan asks for the text alone when it prints a warning about itself.
        if (noEmit === true) return emit.call(this as never, fields, noEmit);
        const severityText = levels[fields.level];
        agent.recorder.emitLog({
          scope: SCOPE,
          severityNumber: severityOfNumber(fields.level),
          ...(severityText === undefined ? {} : { severityText }),
          body: String(fields.msg),
          attributes: lineAttributes(fields, 'msg'),
        });
        const facts = agent.config.logFields ? lineFactsOf(activeContext()) : undefined;
        if (facts !== undefined && !('trace_id' in fields)) {
          fields['trace_id'] = facts.traceId;
          fields['span_id'] = facts.spanId;
          fields['correlation_id'] ??= facts.correlationId;
          if (facts.sagaId !== undefined) fields['saga_id'] ??= facts.sagaId;
        }
        return emit.call(this as never, fields, noEmit);
      },
    });
  },
};
