import { describe, expect, it } from 'vitest';
import { RandomIds } from './random-ids.js';
import { samplerOf } from './sampler.js';

const ids = new RandomIds();
const parent = (traceFlags: number) => ({ traceId: ids.traceId(), spanId: ids.spanId(), traceFlags });

describe('samplers', () => {
  it('follow the parent when they are parent-based, and only then', () => {
    const based = samplerOf({ sampler: 'parentbased_always_on', samplerArgument: undefined });
    expect(based(parent(0), ids.traceId())).toBe(false);
    expect(based(parent(1), ids.traceId())).toBe(true);
    expect(based(undefined, ids.traceId())).toBe(true);
    expect(samplerOf({ sampler: 'always_on', samplerArgument: undefined })(parent(0), ids.traceId())).toBe(true);
    expect(samplerOf({ sampler: 'parentbased_always_off', samplerArgument: undefined })(undefined, ids.traceId())).toBe(
      false,
    );
  });

  it('keep about the ratio asked for, decided by the trace id alone', () => {
    const tenth = samplerOf({ sampler: 'traceidratio', samplerArgument: '0.1' });
    const traces = Array.from({ length: 20_000 }, () => ids.traceId());
    const kept = traces.filter((traceId) => tenth(undefined, traceId));
    expect(kept.length / traces.length).toBeGreaterThan(0.08);
    expect(kept.length / traces.length).toBeLessThan(0.12);
    expect(kept.every((traceId) => tenth(undefined, traceId))).toBe(true);
    expect(samplerOf({ sampler: 'traceidratio', samplerArgument: 'nonsense' })(undefined, ids.traceId())).toBe(true);
  });
});
