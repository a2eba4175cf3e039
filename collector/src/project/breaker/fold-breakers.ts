import type { Breaker, BreakerBand, BreakerState, BreakerTransition, ResolvedRange } from '../../api/contract/index.js';
import type { BreakerFact } from '../projection.js';

const STATES = new Set<string>(['closed', 'open', 'half_open', 'forced_open', 'disabled']);

/** Worst first: what the breaker as a whole is said to be when its instances disagree. */
const WORST: BreakerState[] = ['forced_open', 'open', 'half_open', 'unknown', 'disabled', 'closed'];

/** A breaker re-states itself periodically; an instance silent for longer than this has gone and decides nothing. */
const GONE_AFTER_MS = 5 * 60_000;

interface Statement {
  timeNano: bigint;
  state: BreakerState;
  fact: BreakerFact;
}

/**
 * State now, bands of state over the range, and transitions, from what breakers said, in any order and repeated.
 * @param facts those of the range, and for each instance the last statement before it
 * @param nowMs Unix milliseconds
 */
export function foldBreakers(
  facts: BreakerFact[],
  range: ResolvedRange,
  nowMs: number,
): { breakers: Breaker[]; transitions: BreakerTransition[] } {
  const groups = new Map<string, BreakerFact[]>();
  for (const fact of facts) {
    const id = breakerId(fact);
    const group = groups.get(id);
    if (group) group.push(fact);
    else groups.set(id, [fact]);
  }
  const breakers: Breaker[] = [];
  const transitions: BreakerTransition[] = [];
  for (const [id, group] of groups) {
    group.sort((a, b) => (a.timeNano < b.timeNano ? -1 : a.timeNano > b.timeNano ? 1 : 0));
    const instances = byInstance(group);
    breakers.push(foldOne(id, group, instances, range, nowMs));
    for (const statements of instances.values()) transitions.push(...transitionsOf(id, statements, range));
  }
  breakers.sort((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state) || (a.id < b.id ? -1 : 1));
  transitions.sort((a, b) => (BigInt(a.time) < BigInt(b.time) ? 1 : -1));
  return { breakers, transitions };
}

export function breakerId(fact: Pick<BreakerFact, 'service' | 'name'>): string {
  return `${encodeURIComponent(fact.service)}/${encodeURIComponent(fact.name)}`;
}

/**
 * What each instance said of its state, oldest first. A span tells the state that one call met, by another clock reading
 * than the breaker's own words: it counts only for breakers that say nothing themselves.
 */
function byInstance(facts: BreakerFact[]): Map<string, Statement[]> {
  const instances = new Map<string, Statement[]>();
  const speaks = facts.some((fact) => fact.kind !== 'calls' && fact.source !== 'span');
  for (const fact of facts) {
    if (fact.kind === 'calls' || (speaks && fact.kind === 'state' && fact.source === 'span')) continue;
    const state = (STATES.has(fact.state) ? fact.state : 'unknown') as BreakerState;
    const statements = instances.get(fact.instance);
    if (statements) statements.push({ timeNano: fact.timeNano, state, fact });
    else instances.set(fact.instance, [{ timeNano: fact.timeNano, state, fact }]);
  }
  return instances;
}

function foldOne(
  id: string,
  facts: BreakerFact[],
  instances: Map<string, Statement[]>,
  range: ResolvedRange,
  nowMs: number,
): Breaker {
  const states = [...instances].map(([instance, statements]) => ({
    instance,
    state: statements.at(-1)?.state ?? 'unknown',
    since: currentSince(statements).toString(),
    last_seen: (statements.at(-1)?.timeNano ?? 0n).toString(),
  }));
  const alive = states.filter((s) => nowMs - Number(BigInt(s.last_seen) / 1_000_000n) < GONE_AFTER_MS);
  const deciding = alive.length > 0 ? alive : states;
  const worst = deciding.toSorted((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state))[0];
  const said = facts.filter((fact) => fact.kind !== 'calls');
  const transition = said.findLast((fact) => fact.state === worst?.state && fact.reason !== '');
  return {
    id,
    name: facts[0]?.name ?? '',
    service: facts[0]?.service ?? '',
    target: facts.findLast((fact) => fact.target !== '')?.target ?? '',
    library: facts.findLast((fact) => fact.library !== '')?.library ?? '',
    state: worst?.state ?? 'unknown',
    since: worst?.since ?? '0',
    reason: transition?.reason ?? '',
    failure_ratio: facts.findLast((fact) => fact.failureRatio !== null)?.failureRatio ?? null,
    calls: countCalls(facts, range),
    instances: states,
    bands: bands([...instances.values()], range, nowMs),
    last_seen: (facts.at(-1)?.timeNano ?? 0n).toString(),
  };
}

/** When the state that an instance is in now began. */
function currentSince(statements: Statement[]): bigint {
  const last = statements.at(-1);
  let since = last?.timeNano ?? 0n;
  for (let i = statements.length - 1; i >= 0; i--) {
    const statement = statements[i];
    if (!statement || statement.state !== last?.state) break;
    since = statement.timeNano;
  }
  return since;
}

function transitionsOf(id: string, statements: Statement[], range: ResolvedRange): BreakerTransition[] {
  const transitions: BreakerTransition[] = [];
  let previous: Statement | undefined;
  for (const statement of statements) {
    const before = previous;
    previous = statement;
    const { fact } = statement;
    const changed = before ? before.state !== statement.state : fact.kind === 'transition';
    const ms = Number(statement.timeNano / 1_000_000n);
    if (!changed || ms < range.from_ms || ms >= range.to_ms) continue;
    const told = (STATES.has(fact.previous) ? fact.previous : 'unknown') as BreakerState;
    transitions.push({
      time: statement.timeNano.toString(),
      id,
      name: fact.name,
      service: fact.service,
      instance: fact.instance,
      state: statement.state,
      previous: before?.state ?? told,
      reason: fact.reason,
      trace_id: fact.traceId,
    });
  }
  return transitions;
}

/** The worst state of all instances at every moment of the range, as stretches. Before the first word nothing is drawn. */
function bands(instances: Statement[][], range: ResolvedRange, nowMs: number): BreakerBand[] {
  const end = Math.min(range.to_ms, nowMs);
  const changes = instances.flatMap((statements, row) =>
    statements.map((s) => ({ ms: Number(s.timeNano / 1_000n) / 1000, state: s.state, row })),
  );
  changes.sort((a, b) => a.ms - b.ms);
  const current = new Map<number, BreakerState>();
  const result: BreakerBand[] = [];
  for (const change of changes) {
    if (change.ms >= end) break;
    current.set(change.row, change.state);
    const state = [...current.values()].toSorted((a, b) => WORST.indexOf(a) - WORST.indexOf(b))[0] ?? 'unknown';
    const from = Math.max(change.ms, range.from_ms);
    const last = result.at(-1);
    if (last?.state === state) continue;
    if (last) last.to_ms = from;
    if (last && last.to_ms <= last.from_ms) result.pop();
    const kept = result.at(-1);
    if (kept?.state === state) kept.to_ms = end;
    else result.push({ from_ms: from, to_ms: end, state });
  }
  return result;
}

/** Calls by outcome within the range. Metrics know every call; spans are asked only where no metric tells. */
function countCalls(facts: BreakerFact[], range: ResolvedRange): Breaker['calls'] {
  const calls = { success: 0, failure: 0, timeout: 0, rejected: 0, fallback: 0 };
  const told = facts.filter((fact) => fact.kind === 'calls');
  const metric = told.some((fact) => fact.source === 'metric');
  const last = new Map<string, number>();
  for (const fact of told) {
    if (metric && fact.source !== 'metric') continue;
    let increase = fact.count;
    if (fact.cumulative) {
      const key = `${fact.instance} ${fact.outcome}`;
      const before = last.get(key);
      last.set(key, fact.count);
      // A counter that fell was restarted; the first value seen says nothing about when its calls happened.
      increase = before === undefined ? 0 : fact.count < before ? fact.count : fact.count - before;
    }
    const ms = Number(fact.timeNano / 1_000_000n);
    if (ms < range.from_ms || ms >= range.to_ms) continue;
    if (fact.outcome in calls) calls[fact.outcome as keyof typeof calls] += increase;
  }
  return calls;
}
