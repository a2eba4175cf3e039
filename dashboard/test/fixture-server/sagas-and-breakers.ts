import type {
  BreakerList,
  BreakerState,
  SagaDetail,
  SagaFunnel,
  SagaList,
  SagaStep,
  SagaSummary,
} from '@orrery/collector/api';
import { hostile, nano, randomOf, rangeOf, type Scenario, type Window } from './world.ts';

const steps = ['reserve copy', 'charge deposit', 'print slip', 'notify member'];
const owners = ['catalog', 'billing', 'lending', 'notices'];

export function saga(scenario: Scenario, index: number, now: number): SagaSummary {
  const random = randomOf(index * 31 + 5);
  const at = now - index * 4_700 - 3_000;
  const kind = index % 10;
  const state: SagaSummary['state'] =
    kind < 5
      ? 'completed'
      : kind === 5
        ? 'running'
        : kind === 6
          ? 'compensated'
          : kind === 7
            ? 'compensating'
            : kind === 8
              ? 'partially_compensated'
              : 'awaiting_person';
  const states: SagaStep['state'][] = {
    completed: ['done', 'done', 'done', 'done'],
    running: ['done', 'running', 'not_reached', 'not_reached'],
    compensated: ['undone', 'failed', 'not_reached', 'not_reached'],
    compensating: ['undoing', 'done', 'failed', 'not_reached'],
    partially_compensated: ['undone', 'undo_failed', 'failed', 'not_reached'],
    awaiting_person: ['done', 'done', 'waiting', 'not_reached'],
  }[state as 'running'] as SagaStep['state'][];
  const duration = 400 + random() * 9000;
  return {
    saga_id: scenario === 'hostile' && index === 0 ? hostile : `loan-${1042 - index}`,
    saga_name: index % 7 === 3 ? 'welcome-member' : 'lend-a-book',
    saga_version: '2',
    type: index % 7 === 3 ? 'choreography' : 'orchestration',
    state,
    stuck: state === 'running' && index % 20 === 5,
    stuck_since: state === 'running' ? nano(now - 40_000) : null,
    started: nano(at - duration),
    updated: nano(at),
    ended: ['completed', 'compensated', 'partially_compensated'].includes(state) ? nano(at) : null,
    duration_ms: duration,
    steps: steps.map((name, i) => ({
      name,
      state: states[i] ?? 'not_reached',
      attempts: i === 1 && state !== 'completed' ? 3 : 1,
      service: owners[i] ?? '',
      duration_ms: states[i] === 'not_reached' ? null : 80 + random() * 900,
    })),
    failure_kind: state === 'compensated' ? 'business' : state === 'partially_compensated' ? 'technical' : null,
    failure_message:
      state === 'compensated'
        ? 'deposit refused: insufficient funds'
        : state === 'partially_compensated'
          ? 'refund did not answer in 3 s'
          : '',
    correlation_id: `c-${index}`,
    synthetic: index % 11 === 0,
    next_step: state === 'running' ? 'charge deposit' : null,
    deadline: state === 'running' ? nano(now + (index % 20 === 5 ? -12_000 : 9_000)) : null,
    not_undone: state === 'partially_compensated' ? ['charge deposit'] : [],
  };
}

export function sagaList(scenario: Scenario, query: URLSearchParams, window: Window): SagaList {
  const total = scenario === 'empty' ? 0 : scenario === 'many' ? 480 : 60;
  const name = query.get('name');
  const all = Array.from({ length: total }, (_, i) => saga(scenario, i, window.toMs)).filter(
    (s) => !name || s.saga_name === name,
  );
  const states = query.get('state')?.split(',') ?? [];
  const sagas = all.filter(
    (s) => states.length === 0 || states.includes(s.state) || (states.includes('stuck') && s.stuck),
  );
  const counts: Record<string, number> = {};
  for (const s of all) {
    counts[s.state] = (counts[s.state] ?? 0) + 1;
    if (s.stuck) counts.stuck = (counts.stuck ?? 0) + 1;
  }
  return {
    range: rangeOf(window),
    sagas: sagas.slice(0, Number(query.get('limit') ?? 100)),
    counts,
    names: total ? ['lend-a-book', 'welcome-member'] : [],
    next_cursor: null,
    truncated: false,
    sampled: scenario === 'many',
  };
}

export function sagaFunnel(query: URLSearchParams, window: Window): SagaFunnel {
  const reached = [412, 398, 371, 362];
  return {
    range: rangeOf(window),
    saga_name: query.get('name') ?? '',
    total: 412,
    steps: steps.map((name, i) => ({
      name,
      reached: reached[i] ?? 0,
      done: reached[i + 1] ?? 355,
      failed: (reached[i] ?? 0) - (reached[i + 1] ?? 355),
      undone: 4 - i,
      p50_ms: 90 * (i + 1),
      p95_ms: 430 * (i + 1),
    })),
    completed: 355,
    compensated: 41,
    stuck: 2,
    sampled: false,
  };
}

export function sagaDetail(scenario: Scenario, id: string, now: number): SagaDetail | null {
  if (scenario === 'empty') return null;
  const summary = { ...saga(scenario, 8, now), saga_id: id };
  const t0 = Number(summary.started.slice(0, -6));
  const at = (ms: number) => nano(t0 + ms);
  const base = {
    trace_id: 'ef'.repeat(16),
    span_id: 'cd'.repeat(8),
    failure_kind: null,
    message: '',
    compensates: null,
  } as const;
  return {
    summary,
    attempts: [
      {
        ...base,
        step: 'reserve copy',
        kind: 'action',
        attempt: 1,
        service: 'catalog',
        start: at(20),
        end: at(420),
        outcome: 'succeeded',
      },
      {
        ...base,
        step: 'charge deposit',
        kind: 'action',
        attempt: 1,
        service: 'billing',
        start: at(480),
        end: at(1480),
        outcome: 'failed',
        failure_kind: 'technical',
        message: 'card-bank did not answer in 1 s',
      },
      {
        ...base,
        step: 'charge deposit',
        kind: 'action',
        attempt: 2,
        service: 'billing',
        start: at(1700),
        end: at(2100),
        outcome: 'succeeded',
      },
      {
        ...base,
        step: 'print slip',
        kind: 'action',
        attempt: 1,
        service: 'lending',
        start: at(2160),
        end: at(2900),
        outcome: 'failed',
        failure_kind: 'business',
        message: 'member is blocked',
      },
      {
        ...base,
        step: 'refund deposit',
        kind: 'compensation',
        attempt: 1,
        service: 'billing',
        start: at(3000),
        end: at(4200),
        outcome: 'failed',
        failure_kind: 'technical',
        message: 'refund did not answer in 3 s',
        compensates: 'charge deposit',
      },
      {
        ...base,
        step: 'refund deposit',
        kind: 'compensation',
        attempt: 2,
        service: 'billing',
        start: at(4700),
        end: at(5900),
        outcome: 'failed',
        failure_kind: 'technical',
        message: 'refund did not answer in 3 s',
        compensates: 'charge deposit',
      },
      {
        ...base,
        step: 'release copy',
        kind: 'compensation',
        attempt: 1,
        service: 'catalog',
        start: at(6000),
        end: at(6300),
        outcome: 'succeeded',
        compensates: 'reserve copy',
      },
    ],
    transitions: [
      { time: at(0), event: 'started', service: 'lending', message: '' },
      { time: at(2950), event: 'compensating', service: 'lending', message: 'member is blocked' },
      { time: at(6400), event: 'failed', service: 'lending', message: 'refund deposit gave up after 2 attempts' },
    ],
    trace_ids: ['ef'.repeat(16), 'ab'.repeat(16)],
    truncated: scenario === 'many',
    definition: {
      file: 'sagas/lend-a-book.saga.yaml',
      steps: steps.map((name, i) => ({
        name,
        kind: 'action' as const,
        compensates: null,
        deadline_ms: 5000,
        optional: i === 3,
      })),
    },
  };
}

export function breakers(scenario: Scenario, window: Window): BreakerList {
  const names: [string, string, string, BreakerState][] =
    scenario === 'empty'
      ? []
      : [
          ['billing', 'card-bank', 'bank.example:443', 'open'],
          ['returns', 'card-bank', 'bank.example:443', 'half_open'],
          ['gateway', 'catalog', 'catalog', 'closed'],
          ['gateway', 'lending', 'lending', 'closed'],
          ['lending', 'members', 'members', 'closed'],
          ['notices', 'mail-relay', 'smtp.example', 'disabled'],
        ];
  if (scenario === 'hostile') names.push([hostile, hostile, hostile, 'open']);
  if (scenario === 'many')
    for (let i = 0; i < 60; i += 1)
      names.push([`feed-worker-${i}`, `origin-${i % 9}`, `origin-${i % 9}.example`, i % 13 === 0 ? 'open' : 'closed']);
  const span = window.toMs - window.fromMs;
  const list = names.map(([service, name, target, state], i) => {
    const cut = (f: number) => window.fromMs + span * f;
    const bands =
      state === 'closed'
        ? [{ from_ms: window.fromMs, to_ms: window.toMs, state }]
        : [
            { from_ms: window.fromMs, to_ms: cut(0.4), state: 'closed' as const },
            { from_ms: cut(0.4), to_ms: cut(0.55), state: 'open' as const },
            { from_ms: cut(0.55), to_ms: cut(0.58), state: 'half_open' as const },
            { from_ms: cut(0.58), to_ms: window.toMs, state },
          ];
    return {
      id: `${service}/${name}`,
      name,
      service,
      target,
      library: i % 2 ? 'cockatiel' : 'opossum',
      state,
      since: nano(cut(0.58)),
      reason: state === 'open' ? '5 of 8 calls failed' : '',
      failure_ratio: state === 'open' ? 0.62 : state === 'disabled' ? null : 0.004 * i,
      calls: {
        success: 3200 - i * 400,
        failure: state === 'open' ? 210 : 3,
        timeout: state === 'open' ? 96 : 0,
        rejected: state === 'open' ? 1740 : 0,
        fallback: state === 'open' ? 1740 : 0,
      },
      instances: [1, 2].map((n) => ({
        instance: `${service}-${n}f3a`,
        state: n === 1 ? state : ('closed' as const),
        since: nano(cut(0.58)),
        last_seen: nano(window.toMs - 900),
      })),
      bands,
      last_seen: nano(window.toMs - 900),
    };
  });
  return {
    range: rangeOf(window),
    breakers: list,
    transitions: list
      .filter((b) => b.state !== 'closed')
      .flatMap((b) =>
        b.bands.slice(1).map((band, i) => ({
          time: nano(band.from_ms),
          id: b.id,
          name: b.name,
          service: b.service,
          instance: `${b.service}-1f3a`,
          state: band.state,
          previous: b.bands[i]?.state ?? 'closed',
          reason: band.state === 'open' ? '5 of 8 calls failed' : '',
          trace_id: 'ef'.repeat(16),
        })),
      ),
    truncated: scenario === 'many',
    sampled: false,
  };
}
