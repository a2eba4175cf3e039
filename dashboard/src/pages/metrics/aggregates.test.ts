import { expect, test } from 'vitest';
import { groupedBy, namedSeries } from './aggregates.js';

const whole = { name: 'orders', capped: [] };
const capped = { name: 'orders', capped: ['shop'] };

test('asks for the overflow apart only where a capped metric is split by what a series itself says', () => {
  expect(groupedBy(['branch'], whole)).toEqual(['branch']);
  expect(groupedBy(['branch'], capped)).toEqual(['branch', 'otel.metric.overflow']);
  expect(groupedBy(['service'], capped)).toEqual(['service']);
  expect(groupedBy([], capped)).toEqual([]);
  expect(groupedBy(['otel.metric.overflow'], capped)).toEqual(['otel.metric.overflow']);
  expect(groupedBy(['a', 'b', 'c'], capped)).toEqual(['a', 'b', 'c']);
});

test('calls what came beyond the cap overflow, and what lacks the attribute none', () => {
  const groupBy = groupedBy(['branch'], capped);
  expect(namedSeries([null, 'true'], groupBy, capped)).toEqual({ name: 'overflow', overflow: 'whole' });
  expect(namedSeries([null, null], groupBy, capped)).toEqual({ name: 'none', overflow: 'none' });
  expect(namedSeries(['north', null], groupBy, capped)).toEqual({ name: 'north', overflow: 'none' });
});

test('says which series hold some overflow where it is not apart', () => {
  expect(namedSeries(['shop'], ['service'], capped)).toEqual({ name: 'shop', overflow: 'part' });
  expect(namedSeries(['bank'], ['service'], capped)).toEqual({ name: 'bank', overflow: 'none' });
  expect(namedSeries([], [], capped)).toEqual({ name: 'orders', overflow: 'part' });
  expect(namedSeries([], [], whole)).toEqual({ name: 'orders', overflow: 'none' });
});
