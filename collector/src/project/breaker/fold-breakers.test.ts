import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BreakerFact } from '../projection.js';
import { foldBreakers } from './fold-breakers.js';

const T0 = 1_800_000_000_000;
const range = { from_ms: T0, to_ms: T0 + 600_000 };

function fact(at: number, state: string, more: Partial<BreakerFact> = {}): BreakerFact {
  return {
    kind: 'state',
    name: 'lab',
    service: 'clinic',
    instance: 'a',
    environment: '',
    target: 'lab.example',
    library: 'opossum',
    timeNano: BigInt(T0 + at * 1000) * 1_000_000n,
    state,
    previous: '',
    reason: '',
    failureRatio: null,
    outcome: '',
    count: 0,
    cumulative: false,
    source: 'log',
    traceId: '',
    ...more,
  };
}

const now = T0 + 600_000;

test('a breaker that only restates itself is closed since its first word, never without data', () => {
  const { breakers, transitions } = foldBreakers([fact(10, 'closed'), fact(400, 'closed')], range, now);
  expect(breakers[0]).toMatchObject({ id: 'clinic/lab', state: 'closed', since: `${T0 + 10_000}000000` });
  expect(breakers[0]?.bands).toEqual([{ from_ms: T0 + 10_000, to_ms: now, state: 'closed' }]);
  expect(transitions).toEqual([]);
});

test('a short opening between two restatements is kept as bands and transitions', () => {
  const { breakers, transitions } = foldBreakers(
    [
      fact(0, 'closed'),
      fact(100, 'open', { kind: 'transition', previous: 'closed', reason: 'half of the calls failed' }),
      fact(104, 'half_open', { kind: 'transition', previous: 'open' }),
      fact(105, 'closed', { kind: 'transition', previous: 'half_open' }),
      fact(500, 'closed'),
    ],
    range,
    now,
  );
  expect(breakers[0]?.bands.map((band) => [band.state, (band.from_ms - T0) / 1000, (band.to_ms - T0) / 1000])).toEqual([
    ['closed', 0, 100],
    ['open', 100, 104],
    ['half_open', 104, 105],
    ['closed', 105, 600],
  ]);
  expect(transitions.map((t) => `${t.previous}→${t.state}`)).toEqual([
    'half_open→closed',
    'open→half_open',
    'closed→open',
  ]);
});

test('the worst living instance decides, one that has gone does not', () => {
  const { breakers } = foldBreakers(
    [
      fact(550, 'open', { instance: 'a' }),
      fact(590, 'closed', { instance: 'b' }),
      fact(10, 'forced_open', { instance: 'c' }),
    ],
    range,
    now,
  );
  expect(breakers[0]?.state).toBe('open');
  expect(breakers[0]?.instances).toHaveLength(3);
});

test('cumulative counters count increases and survive a restart of the sender', () => {
  const calls = (at: number, count: number) =>
    fact(at, '', { kind: 'calls', outcome: 'success', count, cumulative: true, source: 'metric' });
  const { breakers } = foldBreakers([calls(1, 100), calls(2, 130), calls(3, 5), fact(3, 'closed')], range, now);
  expect(breakers[0]?.calls.success).toBe(35);
});

test('calls told by spans count only where no metric tells', () => {
  const span = fact(1, '', { kind: 'calls', outcome: 'rejected', count: 1, source: 'span' });
  expect(foldBreakers([span], range, now).breakers[0]?.calls.rejected).toBe(1);
  const metric = fact(2, '', { kind: 'calls', outcome: 'rejected', count: 7, source: 'metric' });
  expect(foldBreakers([span, metric], range, now).breakers[0]?.calls.rejected).toBe(7);
});

test('the state that calls met adds nothing where the breaker speaks for itself', () => {
  const met = (at: number, state: string) => fact(at, state, { source: 'span' });
  const own = [fact(0, 'closed'), fact(100, 'open', { kind: 'transition', previous: 'closed' })];
  const { transitions } = foldBreakers(
    [...own, met(99, 'closed'), met(100.001, 'closed'), met(101, 'open')],
    range,
    now,
  );
  expect(transitions.map((t) => t.state)).toEqual(['open']);
  const told = foldBreakers([met(1, 'closed'), met(2, 'open')], range, now);
  expect(told.breakers[0]?.state).toBe('open');
});

test('order of arrival does not matter', () => {
  const facts = [fact(0, 'closed'), fact(100, 'open'), fact(160, 'half_open'), fact(170, 'open'), fact(300, 'closed')];
  const expected = foldBreakers([...facts], range, now);
  fc.assert(
    fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (shuffled) => {
      expect(foldBreakers(shuffled, range, now)).toEqual(expected);
    }),
  );
});
