import type { Alert, AlertDetail, Check, CheckDetail, CheckList, CheckRun, Verdict } from '@orrery/collector/api';
import { hex, hostile, nano, randomOf, type Scenario, seedOf } from './world.ts';

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
          href: scenario === 'hostile' ? 'javascript:window.pwnedByText=1' : 'https://example.org/runbooks/loans',
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
