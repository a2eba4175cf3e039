import type { BreakerFact, SagaFact } from '../../project/projection.js';
import { indexedTime } from './indexed-time.js';

type Source = Record<string, unknown>;

/** Facts are written once and never changed; whoever reads folds them. */
export function sagaDocument(fact: SagaFact): Source {
  const { timeNano, endNano, ...rest } = fact;
  return {
    '@timestamp': indexedTime(timeNano),
    saga_id: fact.sagaId,
    synthetic: fact.synthetic,
    ...notEmpty({
      saga_name: fact.sagaName,
      environment: fact.environment,
      correlation_id: fact.correlationId,
      trace_id: fact.traceId,
      step: fact.step,
      event: fact.event,
      service: fact.service,
    }),
    fact: { ...rest, timeNano: timeNano.toString(), endNano: endNano.toString() },
  };
}

export function sagaOf(source: Source): SagaFact {
  const fact = source['fact'] as SagaFact & { timeNano: unknown; endNano: unknown };
  return { ...fact, timeNano: BigInt(fact.timeNano), endNano: BigInt(fact.endNano) };
}

export function breakerDocument(fact: BreakerFact): Source {
  const { timeNano, ...rest } = fact;
  return {
    '@timestamp': indexedTime(timeNano),
    breaker: fact.name,
    kind: fact.kind,
    ...notEmpty({ service: fact.service, environment: fact.environment, instance: fact.instance }),
    fact: { ...rest, timeNano: timeNano.toString() },
  };
}

export function breakerOf(source: Source): BreakerFact {
  const fact = source['fact'] as BreakerFact & { timeNano: unknown };
  return { ...fact, timeNano: BigInt(fact.timeNano) };
}

/** Members of empty values are left out: to be there is to be not empty. */
function notEmpty(members: Record<string, string | undefined>): Source {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== ''));
}
