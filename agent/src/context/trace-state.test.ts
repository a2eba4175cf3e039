import { describe, expect, it } from 'vitest';
import { callerMember, WireTraceState, withCaller, withoutCaller } from './trace-state.js';

describe('tracestate', () => {
  it('puts the caller first and replaces the one before', () => {
    const state = WireTraceState.fromHeader('congo=t61,orrery=svc:old,rojo=00f');
    expect(withCaller(state, callerMember('cart'))).toBe('orrery=svc:cart,congo=t61,rojo=00f');
    expect(withCaller(undefined, callerMember('cart'))).toBe('orrery=svc:cart');
  });

  it('takes the caller out and leaves the others as they are', () => {
    expect(withoutCaller(WireTraceState.fromHeader('orrery=svc:a,congo=t61'))?.serialize()).toBe('congo=t61');
    expect(withoutCaller(WireTraceState.fromHeader('orrery=svc:a'))).toBeUndefined();
  });

  it('encodes service names that would break the header', () => {
    expect(callerMember('a,b=c ü')).toBe('svc:a%2Cb%3Dc%20%C3%BC');
  });

  it.each([
    '',
    ',,,',
    'UPPER=1',
    'novalue',
    'a=\u0001',
    Array.from({ length: 33 }, (_, index) => `k${index}=v`).join(','),
  ])('discards %j whole', (header) => expect(WireTraceState.fromHeader(header)).toBeUndefined());

  it('stays within 512 characters by leaving members out from the end', () => {
    const state = WireTraceState.fromHeader(
      Array.from({ length: 20 }, (_, index) => `key${index}=${'v'.repeat(30)}`).join(','),
    );
    const header = withCaller(state, callerMember('cart'));
    expect(header.length).toBeLessThanOrEqual(512);
    expect(header).toMatch(/^orrery=svc:cart,key0=v+,key1=/);
  });
});
