import type { BreakerFact } from '../projection.js';

/**
 * One record can hold thousands of guarded calls that all say the same. Calls of one breaker and outcome become one
 * fact with their sum; of equal states in a row, told by spans, the first and the last are kept.
 */
export function condenseBreakers(facts: BreakerFact[]): BreakerFact[] {
  const calls = new Map<string, BreakerFact>();
  const states = new Map<string, BreakerFact[]>();
  const kept: BreakerFact[] = [];
  for (const fact of facts.toSorted((a, b) => (a.timeNano < b.timeNano ? -1 : a.timeNano > b.timeNano ? 1 : 0))) {
    const key = `${fact.service}\0${fact.instance}\0${fact.name}\0${fact.outcome}`;
    if (fact.kind === 'calls') {
      const sum = calls.get(key);
      if (!sum) calls.set(key, { ...fact });
      else {
        sum.count += fact.count;
        sum.timeNano = fact.timeNano;
        sum.target ||= fact.target;
      }
      continue;
    }
    if (fact.kind === 'transition') {
      kept.push(fact);
      continue;
    }
    const run = states.get(key) ?? [];
    states.set(key, run);
    const last = run.at(-1);
    const before = run.at(-2);
    if (last && before && last.state === fact.state && before.state === fact.state) run[run.length - 1] = fact;
    else run.push(fact);
  }
  return [...kept, ...[...states.values()].flat(), ...calls.values()];
}
