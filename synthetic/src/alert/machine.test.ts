import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlertSettings } from '../check/check-fields.js';
import { type AlertMemory, type Announcement, calm, type Observed, observe, retire } from './machine.js';

const settings = (more: object = {}) =>
  AlertSettings.parse({ fail_streak: 2, pass_streak: 2, no_data_streak: 3, ...more });
const kinds: Record<string, Observed> = { p: 'pass', f: 'fail', n: 'no_data' };

/** Plays a text of verdicts, ten seconds apart; gives the states as letters and what was told. */
function play(verdicts: string, options: object = {}) {
  let memory = calm(0);
  let states = '';
  const told: string[] = [];
  verdicts.split('').forEach((letter, index) => {
    const step = observe(memory, kinds[letter] ?? 'pass', (index + 1) * 10_000, settings(options));
    memory = step.memory;
    states += { resolved: 'r', pending: 'p', firing: 'F', no_data: 'N' }[memory.state];
    if (step.announce) told.push(`${index + 1}:${step.announce}:${memory.episode}`);
  });
  return { states, told, memory };
}

describe('the alert machine', () => {
  it('fires after a streak of fails and resolves after a streak of passes', () => {
    expect(play('pffpp')).toMatchObject({ states: 'rpFFr', told: ['3:firing:1', '5:resolved:1'] });
  });
  it('fires at once when one fail is enough', () => {
    expect(play('f', { fail_streak: 1 })).toMatchObject({ states: 'F', told: ['1:firing:1'] });
  });
  it('does not fire for fails that do not follow each other', () => {
    expect(play('fpfpfpfp').told).toEqual([]);
  });
  it('does not resolve, and does not fire again, while passes and fails alternate', () => {
    expect(play('ffpfpfpfpfpp')).toMatchObject({ told: ['2:firing:1', '12:resolved:1'] });
  });
  it('waits until the fails have lasted', () => {
    expect(play('ffff', { for: '30s' })).toMatchObject({ states: 'pppF' });
  });
  it('waits until the passes have lasted', () => {
    expect(play('ffpppp', { recover_for: '30s' })).toMatchObject({ states: 'pFFFFr' });
  });
  it('gives each episode its own number', () => {
    expect(play('ffppffpp').told).toEqual(['2:firing:1', '4:resolved:1', '6:firing:2', '8:resolved:2']);
  });
  it('knows "no data" as a state of its own, told and resolved once', () => {
    expect(play('pnnnnnpp')).toMatchObject({ states: 'rrrNNNNr', told: ['4:no_data:1', '8:resolved:1'] });
  });
  it('goes from "no data" to firing within one episode', () => {
    expect(play('nnnffpp')).toMatchObject({
      states: 'rrNNFFr',
      told: ['3:no_data:1', '5:firing:1', '7:resolved:1'],
    });
  });
  it('stays firing when the answers stop coming', () => {
    expect(play('ffnnnnnnn').states).toBe('pFFFFFFFF');
    expect(play('ffnnnnnnnpp').told).toEqual(['2:firing:1', '11:resolved:1']);
  });
  it('goes from pending to "no data" when the answers stop coming', () => {
    expect(play('fnnn')).toMatchObject({ states: 'pppN', told: ['4:no_data:1'] });
  });
  it('takes back what was told when its check is removed, and only then', () => {
    expect(retire(play('ff').memory, 99).announce).toBe('resolved');
    expect(retire(play('nnn').memory, 99).announce).toBe('resolved');
    expect(retire(play('f').memory, 99)).toMatchObject({ announce: null, memory: { state: 'resolved' } });
    expect(retire(play('p').memory, 99).announce).toBeNull();
  });
});

const anySettings = fc
  .record({
    fail_streak: fc.integer({ min: 1, max: 4 }),
    pass_streak: fc.integer({ min: 1, max: 4 }),
    no_data_streak: fc.integer({ min: 1, max: 4 }),
    for: fc.constantFrom('0s', '15s', '40s'),
    recover_for: fc.constantFrom('0s', '15s', '40s'),
  })
  .map((value) => AlertSettings.parse(value));
const anyVerdicts = fc.array(
  fc.record({
    verdict: fc.constantFrom<Observed>('pass', 'fail', 'no_data'),
    after: fc.integer({ min: 0, max: 30_000 }),
  }),
  { maxLength: 60 },
);

interface Told {
  announce: Announcement;
  episode: number;
  index: number;
}

describe('whatever the verdicts', () => {
  const run = (verdicts: { verdict: Observed; after: number }[], one: AlertSettings, store = (m: AlertMemory) => m) => {
    let memory = calm(0);
    let at = 0;
    const told: Told[] = [];
    verdicts.forEach(({ verdict, after }, index) => {
      at += after;
      const step = observe(store(memory), verdict, at, one);
      memory = step.memory;
      if (step.announce) told.push({ announce: step.announce, episode: memory.episode, index });
    });
    return { memory, told };
  };

  it('opens every episode once, closes it at most once, and never two at a time', () => {
    fc.assert(
      fc.property(anyVerdicts, anySettings, (verdicts, one) => {
        let open = 0;
        let last = 0;
        let fired = false;
        for (const { announce, episode } of run(verdicts, one).told) {
          if (announce === 'resolved') {
            expect(open).toBe(episode);
            open = 0;
            fired = false;
          } else if (open === 0) {
            expect(episode).toBe(last + 1);
            open = last = episode;
            fired = announce === 'firing';
          } else {
            expect([announce, episode, fired]).toEqual(['firing', open, false]);
            fired = true;
          }
        }
      }),
    );
  });

  it('fires only after enough fails in a row, and resolves only after enough passes in a row', () => {
    fc.assert(
      fc.property(anyVerdicts, anySettings, (verdicts, one) => {
        const wanted = {
          firing: ['fail', one.fail_streak],
          resolved: ['pass', one.pass_streak],
          no_data: ['no_data', one.no_data_streak],
        } as const;
        for (const { announce, index } of run(verdicts, one).told) {
          const [kind, streak] = wanted[announce];
          const before = verdicts.slice(Math.max(0, index - streak + 1), index + 1);
          expect(before.map(({ verdict }) => verdict)).toEqual(Array(streak).fill(kind));
        }
      }),
    );
  });

  it('goes on from a stored memory as from its own', () => {
    fc.assert(
      fc.property(anyVerdicts, anySettings, (verdicts, one) => {
        const stored = run(verdicts, one, (memory) => JSON.parse(JSON.stringify(memory)) as AlertMemory);
        expect(stored).toEqual(run(verdicts, one));
      }),
    );
  });

  it('is told by its state: firing and "no data" are open, all else is closed', () => {
    fc.assert(
      fc.property(anyVerdicts, anySettings, (verdicts, one) => {
        const { memory, told } = run(verdicts, one);
        const last = told.at(-1)?.announce;
        const open = last !== undefined && last !== 'resolved';
        expect(memory.state === 'firing' || memory.state === 'no_data').toBe(open);
      }),
    );
  });

  it('comes to rest when the system does', () => {
    fc.assert(
      fc.property(
        anyVerdicts,
        anySettings,
        fc.constantFrom<Observed>('pass', 'fail', 'no_data'),
        (verdicts, one, end) => {
          const long = Array.from({ length: 12 }, () => ({ verdict: end, after: 10_000 }));
          const { state } = run([...verdicts, ...long], one).memory;
          if (end === 'pass') expect(state).toBe('resolved');
          if (end === 'fail') expect(state).toBe('firing');
          if (end === 'no_data') expect(['no_data', 'firing']).toContain(state);
        },
      ),
    );
  });
});
