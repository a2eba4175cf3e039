import { expect, it } from 'vitest';
import { IndexNames } from './indices.js';

const MS = Date.UTC(2026, 10, 21, 13, 47, 12);

it('names slices by as much of their start as tells them apart, and reads it back', () => {
  for (const [minutes, name, start] of [
    [1440, 'shop-spans-2026.11.21', Date.UTC(2026, 10, 21)],
    [60, 'shop-spans-2026.11.21.13', Date.UTC(2026, 10, 21, 13)],
    [15, 'shop-spans-2026.11.21.13.45', Date.UTC(2026, 10, 21, 13, 45)],
  ] as const) {
    const names = new IndexNames('shop', minutes);
    expect(names.slice('spans', names.sliceOf(MS))).toBe(name);
    expect(names.startOf(name)).toBe(start);
    expect(names.startOf(`other-${name}`)).toBeNull();
  }
});
