import type { BreakerFact, SagaFact, TraceDelta } from '../../project/projection.js';

/** A fact as JSON; nanoseconds become decimal text, since JSON numbers would round them. */
export function factText(fact: SagaFact | BreakerFact | TraceDelta['services']): string {
  return JSON.stringify(fact, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

export function sagaFact(text: string): SagaFact {
  const fact = JSON.parse(text) as SagaFact & { timeNano: string; endNano: string };
  return { ...fact, timeNano: BigInt(fact.timeNano), endNano: BigInt(fact.endNano) };
}

export function breakerFact(text: string): BreakerFact {
  const fact = JSON.parse(text) as BreakerFact & { timeNano: string };
  return { ...fact, timeNano: BigInt(fact.timeNano) };
}

export function traceServices(text: string): TraceDelta['services'] {
  const services = JSON.parse(text) as (TraceDelta['services'][number] & { firstNano: string })[];
  return services.map((service) => ({ ...service, firstNano: BigInt(service.firstNano) }));
}
