import { describe, expect, it } from 'vitest';
import { appendMember, baggageHeader, WireBaggage } from './wire-baggage.js';

describe('baggage', () => {
  it('is passed on byte for byte while nobody changes it, read or not', () => {
    const header = ' a = 1;prop=x ,b=%20two,broken,,c';
    const baggage = WireBaggage.fromHeader(header);
    expect(baggage?.getEntry('b')?.value).toBe(' two');
    expect(baggage && baggageHeader(baggage)).toBe(header);
  });

  it('is written anew once changed, with metadata', () => {
    const baggage = WireBaggage.fromHeader('a=1;prop=x')?.setEntry('b', { value: 'ä,=' });
    expect(baggage && baggageHeader(baggage)).toBe('a=1;prop=x,b=%C3%A4%2C%3D');
  });

  it('decodes values, never keys; octets that are no UTF-8 become the replacement character', () => {
    const baggage = WireBaggage.fromHeader('a%20b=Am%C3%A9lie,odd=x%FFy,none=50%');
    expect(baggage?.getAllEntries().map(([key, { value }]) => [key, value])).toEqual([
      ['a%20b', 'Amélie'],
      ['odd', 'x\uFFFDy'],
      ['none', '50%'],
    ]);
  });

  it('does not change when a changed copy is made', () => {
    const baggage = WireBaggage.fromHeader('a=1,b=2');
    expect(baggage?.removeEntry('a').getAllEntries()).toEqual([['b', { value: '2' }]]);
    expect(baggage?.getAllEntries()).toHaveLength(2);
  });

  it('keeps whole members within 64 members and 8,192 bytes', () => {
    const many = WireBaggage.fromHeader(Array.from({ length: 100 }, (_, index) => `k${index}=v`).join(','));
    expect(many?.getAllEntries()).toHaveLength(64);
    const long = WireBaggage.fromHeader(`a=${'x'.repeat(5000)},b=${'y'.repeat(5000)}`);
    expect(long?.getAllEntries().map(([key]) => key)).toEqual(['a']);
    expect(WireBaggage.fromHeader(`a=${'x'.repeat(100_000)}`)).toBeUndefined();
  });

  it('gets a member of ours only when none of the others is lost by it', () => {
    expect(appendMember('', 'k', 'v')).toBe('k=v');
    expect(appendMember('a=1', 'k', 'v')).toBe('a=1,k=v');
    const full = Array.from({ length: 64 }, (_, index) => `k${index}=v`).join(',');
    expect(appendMember(full, 'k', 'v')).toBe(full);
  });
});
