import type {
  Alert,
  AlertDetail,
  BreakerList,
  BreakerState,
  Check,
  CheckDetail,
  CheckList,
  CheckRun,
  SagaDetail,
  SagaFunnel,
  SagaList,
  SagaStep,
  SagaSummary,
  Verdict,
} from '@orrery/collector/api';
import { hex, hostile, nano, randomOf, rangeOf, type Scenario, seedOf, type Window } from './world.ts';

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
    sampled: false,
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
    truncated: false,
    sampled: false,
  };
}

function check(
  name: string,
  title: string,
  kind: 'http' | 'browser' | 'expectation',
  verdict: Verdict | null,
  now: number,
): Check {
  const random = randomOf(seedOf(name));
  const history =
    verdict === null
      ? []
      : Array.from({ length: 60 }, (_, i) => ({
          run_id: hex(random, 12),
          started: nano(now - (60 - i) * 30_000),
          verdict: (i > 54 && verdict !== 'pass'
            ? verdict
            : i % 23 === 9
              ? 'fail'
              : verdict === 'cannot_run'
                ? 'cannot_run'
                : 'pass') as Verdict,
          duration_ms: 300 + random() * 900,
          figure: kind === 'expectation' ? 6 + random() * 4 - (i > 54 && verdict === 'fail' ? 5 : 0) : null,
        }));
  const failed = verdict === 'fail';
  const last: CheckRun | null =
    verdict === null
      ? null
      : {
          run_id: history.at(-1)?.run_id ?? 'r',
          check: name,
          started: nano(now - 12_000),
          duration_ms: 812,
          verdict,
          sentence:
            verdict === 'cannot_run'
              ? 'There is no Chromium: run "playwright install chromium" or set ORRERY_CHROMIUM.'
              : failed
                ? kind === 'expectation'
                  ? 'Only 2.1 loans a minute are completed; at least 5 are expected.'
                  : 'Step “borrow it” failed: the page says “try again later”.'
                : 'Everything answered as it should.',
          attempts: failed ? 2 : 1,
          trace_id: kind === 'expectation' ? '' : 'ef'.repeat(16),
          steps:
            kind === 'expectation'
              ? []
              : [
                  { name: 'open the catalogue', outcome: 'pass', duration_ms: 210, error: '', artifact: null },
                  {
                    name: 'borrow it',
                    outcome: failed ? 'fail' : 'pass',
                    duration_ms: 602,
                    error: failed ? 'expected “Enjoy your book”, saw “try again later”' : '',
                    artifact: failed ? 'shot' : null,
                  },
                  {
                    name: 'see it in my loans',
                    outcome: failed ? 'skipped' : 'pass',
                    duration_ms: 0,
                    error: '',
                    artifact: null,
                  },
                ],
          figure: history.at(-1)?.figure ?? null,
          location: 'here',
          details: {},
        };
  return {
    definition: {
      name,
      kind,
      title,
      description: '',
      file: `checks/${name}.check.yaml`,
      schedule: 'every 30 s',
      severity: 'page',
      owner: 'circulation desk',
      runbook: 'https://example.org/runbooks/loans',
      faults: [],
      bounds: kind === 'expectation' ? { min: 5, max: null, unit: '/min' } : null,
    },
    verdict,
    since: verdict ? nano(now - 180_000) : null,
    last_run: last,
    history,
  };
}

export function checkList(scenario: Scenario, now: number): CheckList {
  const checks =
    scenario === 'empty'
      ? []
      : [
          check('loans-per-minute', 'At least 5 loans are completed every minute', 'expectation', 'fail', now),
          check(
            'borrow-a-book',
            'A member can borrow a book',
            'browser',
            scenario === 'many' ? 'cannot_run' : 'fail',
            now,
          ),
          check('catalogue-answers', 'The catalogue can be searched', 'http', 'pass', now),
          check('no-stuck-saga', 'No loan is stuck longer than 30 s', 'expectation', 'pass', now),
          check('new-member', 'A newcomer can join', 'browser', 'cannot_run', now),
          check('fines', 'Fines are paid within a day', 'expectation', 'no_data', now),
        ];
  if (scenario === 'hostile') checks.push(check(hostile, hostile, 'http', 'fail', now));
  return { checks, runner_last_seen: scenario === 'empty' ? null : nano(now - 4000) };
}

export function checkDetail(scenario: Scenario, name: string, now: number): CheckDetail | null {
  const found = checkList(scenario, now).checks.find((c) => c.definition.name === name);
  if (!found) return null;
  return {
    check: found,
    runs: found.history
      .slice(-20)
      .reverse()
      .map((h, i) => ({
        ...(found.last_run as CheckRun),
        run_id: h.run_id,
        started: h.started,
        verdict: h.verdict,
        duration_ms: h.duration_ms,
        figure: h.figure,
        sentence:
          i === 0
            ? (found.last_run?.sentence ?? '')
            : h.verdict === 'pass'
              ? 'Everything answered as it should.'
              : 'Step “borrow it” failed.',
      })),
  };
}

export function alerts(scenario: Scenario, now: number): Alert[] {
  if (scenario === 'empty') return [];
  const alert = (id: string, title: string, state: Alert['state'], age: number): Alert =>
    ({
      id,
      check: 'loans-per-minute',
      title,
      severity: state === 'firing' ? 'page' : 'ticket',
      state,
      since: nano(now - age),
      pending_since: nano(now - age - 60_000),
      fired_at: nano(now - age),
      resolved_at: state === 'resolved' ? nano(now - age / 2) : null,
      sentence:
        'Only 2.1 loans a minute were completed in the last 2 minutes; at least 5 are expected. 14 members are affected. The call billing → card-bank fails; its breaker opened 3 minutes ago.',
      affected: '14 members',
      evidence: [
        { kind: 'breaker', title: 'Breaker billing → card-bank', href: '/breakers?breaker=billing%2Fcard-bank' },
        { kind: 'saga', title: '3 loans half undone', href: '/sagas?state=partially_compensated' },
        { kind: 'trace', title: 'A failing loan', href: `/traces/${'ef'.repeat(16)}` },
        {
          kind: 'runbook',
          title: 'What to do when loans stop',
          href: scenario === 'hostile' ? 'javascript:window.__pwned=1' : 'https://example.org/runbooks/loans',
        },
      ],
      owner: 'circulation desk',
      runbook: 'https://example.org/runbooks/loans',
      acknowledged_by: null,
      acknowledged_at: null,
      notifications: [
        {
          id: `${id}-1`,
          receiver: 'pagerduty',
          kind: 'firing',
          at: nano(now - age + 2_000),
          outcome: 'sent',
          attempts: 1,
          error: '',
        },
        {
          id: `${id}-2`,
          receiver: 'desk@example.org',
          kind: 'firing',
          at: nano(now - age + 2_500),
          outcome: 'failed',
          attempts: 3,
          error: 'the mail server refused the address',
        },
      ],
      streak: 4,
      streak_of: 'fail',
      streak_since: null,
      episode: 2,
      version: 7,
    }) as Alert;
  return [
    alert('a1', 'Too few loans are completed', 'firing', 190_000),
    alert('a2', scenario === 'hostile' ? hostile : 'A member cannot borrow a book', 'pending', 40_000),
    alert('a3', 'Fines: no data', 'no_data', 900_000),
    alert('a4', 'The catalogue does not answer', 'resolved', 5_400_000),
  ];
}

export function alertDetail(scenario: Scenario, id: string, now: number): AlertDetail | null {
  const found = alerts(scenario, now).find((a) => a.id === id);
  return found
    ? {
        alert: found,
        history: [
          { time: nano(now - 250_000), state: 'pending', sentence: '3.9 loans a minute' },
          { time: nano(now - 190_000), state: 'firing', sentence: '2.1 loans a minute' },
        ],
      }
    : null;
}
