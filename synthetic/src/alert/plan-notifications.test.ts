import type { Alert, Notification, Silence } from '@orrery/collector/api';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlertSettings } from '../check/check-fields.js';
import { memoryOf, nanoText, newAlert, withMemory } from './alert-record.js';
import { type Observed, observe } from './machine.js';
import { nextToSend, planNotifications } from './plan-notifications.js';

const check = { name: 'loans', title: 'Loans', severity: 'page', owner: '', runbook: '' } as const;
const receiver = (name: string, wants = true, knowsAcknowledge = false) => ({
  name,
  wants: () => wants,
  notifier: { knowsAcknowledge },
});
const always: Silence = { id: '1', check: 'lo*', from: '0', to: nanoText(1e15), by: 'ops', comment: '' };
const alertIn = (state: Alert['state'], episode: number, notifications: Notification[] = []): Alert => ({
  ...newAlert(check, 0),
  state,
  episode,
  notifications,
});
const outcomes = (notifications: readonly Notification[]) => notifications.map(({ id, outcome }) => `${id}=${outcome}`);
const sent = (one: Notification): Notification => ({ ...one, outcome: 'sent', attempts: 1 });

describe('the plan of what is told', () => {
  it('tells everybody who wants it, once', () => {
    const first = planNotifications(alertIn('firing', 1), [receiver('a'), receiver('b', false)], [], 1);
    expect(outcomes(first)).toEqual(['1:firing:a=waiting']);
    expect(planNotifications(alertIn('firing', 1, first), [receiver('a')], [], 2)).toEqual(first);
  });

  it('keeps a page back in a silence, and lets it go when the silence ends first', () => {
    const held = planNotifications(alertIn('firing', 1), [receiver('a')], [always], 1);
    expect(outcomes(held)).toEqual(['1:firing:a=silenced']);
    expect(outcomes(planNotifications(alertIn('firing', 1, held), [receiver('a')], [], 2))).toEqual([
      '1:firing:a=waiting',
    ]);
    expect(outcomes(planNotifications(alertIn('resolved', 1, held), [receiver('a')], [], 2))).toEqual([
      '1:firing:a=silenced',
    ]);
  });

  it('takes back what was sent, silence or not, wanted or not', () => {
    const page = planNotifications(alertIn('firing', 1), [receiver('a')], [], 1).map(sent);
    const over = planNotifications(alertIn('resolved', 1, page), [receiver('a', false)], [always], 2);
    expect(outcomes(over)).toEqual(['1:firing:a=sent', '1:resolved:a=waiting']);
    expect(planNotifications(alertIn('resolved', 1, over), [receiver('a')], [], 3)).toEqual(over);
  });

  it('wakes nobody for what is over by now, and still takes back what may have gone out', () => {
    const waiting = planNotifications(alertIn('firing', 1), [receiver('a')], [], 1);
    expect(outcomes(planNotifications(alertIn('resolved', 1, waiting), [receiver('a')], [], 2))).toEqual([
      '1:firing:a=failed',
      '1:resolved:a=waiting',
    ]);
  });

  it('acknowledges where that means something, after the page has gone out', () => {
    const acknowledged = (notifications: Notification[]) => ({
      ...alertIn('firing', 1, notifications),
      acknowledged_by: 'ada',
    });
    const page = planNotifications(alertIn('firing', 1), [receiver('a', true, true), receiver('b')], [], 1);
    expect(planNotifications(acknowledged(page), [receiver('a', true, true), receiver('b')], [], 2)).toEqual(page);
    const after = planNotifications(acknowledged(page.map(sent)), [receiver('a', true, true), receiver('b')], [], 2);
    expect(outcomes(after)).toEqual(['1:firing:a=sent', '1:firing:b=sent', '1:acknowledged:a=waiting']);
  });

  it('sends in order: nobody hears of the end before the beginning', () => {
    const [a, b] = planNotifications(alertIn('firing', 1), [receiver('a'), receiver('b')], [], 1);
    const later: Notification = {
      id: '1:resolved:a',
      receiver: 'a',
      kind: 'resolved',
      at: '1',
      outcome: 'waiting',
      attempts: 0,
      error: '',
    };
    expect(nextToSend([a as Notification, b as Notification, later]).map(({ id }) => id)).toEqual([
      '1:firing:a',
      '1:firing:b',
    ]);
    expect(nextToSend([sent(a as Notification), later]).map(({ id }) => id)).toEqual(['1:resolved:a']);
  });
});

describe('whatever happens', () => {
  const settings = AlertSettings.parse({ fail_streak: 2, pass_streak: 2, no_data_streak: 2 });
  const happenings = fc.array(
    fc.record({
      verdict: fc.constantFrom<Observed>('pass', 'fail', 'no_data'),
      silence: fc.boolean(),
      delivers: fc.boolean(),
      crash: fc.boolean(),
    }),
    { maxLength: 80 },
  );

  it('a receiver that knows keys sees each episode opened and closed once, in order, crashes or not', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        let alert = newAlert(check, 0);
        const seen: string[] = [];
        const deliver = () => {
          for (const one of nextToSend(alert.notifications)) {
            if (!seen.includes(one.id)) seen.push(one.id);
            alert = { ...alert, notifications: alert.notifications.map((n) => (n.id === one.id ? sent(n) : n)) };
          }
        };
        story.forEach(({ verdict, silence, delivers, crash }, index) => {
          const at = (index + 1) * 1000;
          alert = withMemory(alert, observe(memoryOf(alert), verdict, at, settings).memory);
          alert = { ...alert, notifications: planNotifications(alert, [receiver('a')], silence ? [always] : [], at) };
          const stored = structuredClone(alert);
          if (delivers) deliver();
          if (crash) alert = stored;
        });
        for (let calm = 0; calm < 4; calm += 1) {
          const at = (story.length + calm + 1) * 1000;
          alert = withMemory(alert, observe(memoryOf(alert), 'pass', at, settings).memory);
          alert = { ...alert, notifications: planNotifications(alert, [receiver('a')], [], at) };
          deliver();
          deliver();
        }
        expect(alert.state).toBe('resolved');
        expect(alert.notifications.filter(({ outcome }) => outcome === 'waiting')).toEqual([]);
        const episodes = seen.map((id) => Number(id.split(':')[0]));
        expect(episodes).toEqual([...episodes].sort((a, b) => a - b));
        for (const episode of new Set(episodes)) {
          const kinds = seen.filter((id) => id.startsWith(`${episode}:`)).map((id) => id.split(':')[1]);
          expect(kinds.at(-1)).toBe('resolved');
          expect(kinds.filter((kind) => kind === 'resolved')).toHaveLength(1);
          expect(new Set(kinds).size).toBe(kinds.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
