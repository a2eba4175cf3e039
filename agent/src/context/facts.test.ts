import { expect, it } from 'vitest';
import { acceptable, factsFromBaggage, plainFacts } from './facts.js';
import { WireBaggage } from './wire-baggage.js';

it('reads our keys out of baggage and none else', () => {
  const baggage = WireBaggage.fromHeader('saga.id=s1,saga.step=pay,synthetic=true,other=x');
  expect(factsFromBaggage(baggage, plainFacts('c1'))).toEqual({
    ...plainFacts('c1'),
    sagaId: 's1',
    sagaStep: 'pay',
    synthetic: true,
  });
});

it('takes no value that is too long or could break a line', () => {
  expect(acceptable('order-7/a:b.c_d')).toBe('order-7/a:b.c_d');
  for (const value of ['', 'a b', 'a"b', 'a\nb', 'ü', 'x'.repeat(129)]) expect(acceptable(value)).toBeUndefined();
  const baggage = WireBaggage.fromHeader('correlation.id=%22evil%22,saga.id=%0A');
  expect(factsFromBaggage(baggage, plainFacts('c1'))).toEqual(plainFacts('c1'));
});

it('gives back the same facts when baggage says nothing', () => {
  const facts = plainFacts('c1');
  expect(factsFromBaggage(WireBaggage.fromHeader('tenant=acme'), facts)).toBe(facts);
});
