import type { MetricList, MetricResult } from '@orrery/collector/api';
import { expect, test } from 'vitest';
import { limitsReached, limitsText } from './limits-reached.js';

const capped = {
  metrics: [
    { name: 'orders', capped: ['shop', 'bank'] },
    { name: 'visits', capped: ['shop'] },
  ],
} as MetricList;
const result = (series: [key: string[], points: (number | null)[]][]) =>
  ({ series: series.map(([key, points]) => ({ key, points })) }) as MetricResult;
const senders = [
  { service: 'shop', sdk: 'orrery', sdk_version: '0.1.0', language: 'nodejs', instances: 1, last_seen: '1' },
  { service: 'bank', sdk: 'opentelemetry', sdk_version: '1.0.0', language: 'java', instances: 1, last_seen: '1' },
];

test('gives each capped metric of each service, with the cap where its agent tells it', () => {
  const caps = result([[['shop'], [2000, 500, null]]]);
  expect(limitsReached(capped, caps, undefined, senders)).toEqual([
    { kind: 'series', service: 'bank', metric: 'orders', cap: null, isAgent: false },
    { kind: 'series', service: 'shop', metric: 'orders', cap: 500, isAgent: true },
    { kind: 'series', service: 'shop', metric: 'visits', cap: 500, isAgent: true },
  ]);
});

test('knows our agent without a cap that was told, which an older one does not tell', () => {
  const [, orders] = limitsReached(capped, undefined, undefined, senders);
  expect(orders).toMatchObject({ service: 'shop', cap: null, isAgent: true });
});

test('adds what was lost up over the range and leaves out who lost nothing', () => {
  const lost = result([
    [
      ['shop', 'traces'],
      [null, 3, 4],
    ],
    [
      ['shop', 'logs'],
      [0, 0, null],
    ],
  ]);
  const reached = limitsReached({ ...capped, metrics: [] }, undefined, lost, senders);
  expect(reached).toEqual([{ kind: 'records', service: 'shop', signal: 'traces', lost: 7 }]);
});

test('says in a few words what a service reached, and nothing of one that reached nothing', () => {
  const reached = limitsReached(capped, undefined, result([[['bank', 'traces'], [1]]]), senders);
  expect(limitsText(reached, 'shop')).toBe('2 metrics capped');
  expect(limitsText(reached, 'bank')).toBe('1 metric capped, records lost');
  expect(limitsText(reached, 'depot')).toBe('');
});
