import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { damagesOf } from '../../test/fixtures/damages.js';
import { LogOfRecords } from '../../test/fixtures/log-of-records.js';
import type { LogPosition } from '../log/log-record.js';
import { DeadLetters } from './dead-letters.js';
import type { Slice } from './duckdb/slice.js';
import type { SliceFacts } from './duckdb/slice-facts.js';
import { SliceIndex } from './duckdb/slice-index.js';
import { AttemptMark } from './tail/attempt-mark.js';
import { RetentionClock } from './tail/retention-clock.js';

const NOW_MS = Date.UTC(2026, 4, 5);

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'orrery-small-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Damages the file in every way, and tries something each time. */
async function tryDamaged(file: string, attempt: (what: string) => Promise<void> | void): Promise<void> {
  for (const { what, bytes } of damagesOf(readFileSync(file))) {
    rmSync(file, { force: true });
    if (bytes !== null) writeFileSync(file, bytes);
    await attempt(what);
  }
}

describe('a small file of the store that is damaged anyhow', () => {
  it('blames no record for a death, where it is the mark of what is being stored', async () => {
    new AttemptMark(directory).begin(100, 200, 1);
    await tryDamaged(path.join(directory, 'storing.json'), (what) => {
      const mark = new AttemptMark(directory);
      expect(mark.isCulprit(100, 200), what).toBe(false);
      expect([0, 200], what).toContain(mark.suspectUntil);
      expect(mark.stride, what).toBeGreaterThan(0);
    });
  });

  it('never lets retention think that it is later than it is, where it is the time that was last believed', async () => {
    new RetentionClock(directory).now(NOW_MS);
    await tryDamaged(path.join(directory, 'clock'), (what) => {
      expect(new RetentionClock(directory).now(NOW_MS).ms, what).toBeLessThanOrEqual(NOW_MS);
    });
  });

  it('is not believed, where it is the index of slices: a cursor that is too high would cost what is not stored', async () => {
    const file = path.join(directory, 'slice.duckdb');
    writeFileSync(file, 'rows');
    const sealed = { removed: [] } as unknown as SliceFacts;
    const slice = (): Slice => ({
      name: 'slice',
      startMs: NOW_MS,
      generation: 1,
      catalog: 'slice',
      path: file,
      cursor: 1234 as LogPosition,
      log: 'a',
      extents: new Map([[1, { items: 3, minNano: 5n, maxNano: 9n }]]),
      sealed,
      commits: 0,
    });
    await (await SliceIndex.open(directory)).write([slice()]);
    const told = { ...slice(), cursor: 0 as LogPosition, extents: new Map(), sealed: null };
    expect(await (await SliceIndex.open(directory)).describe(told)).toBe(true);
    expect(told).toEqual(slice());
    await tryDamaged(path.join(directory, 'index.json'), async (what) => {
      const asked = { ...slice(), cursor: 0 as LogPosition };
      if (await (await SliceIndex.open(directory)).describe(asked)) expect(asked, what).toEqual(slice());
    });
  });

  it('hides no other letter and stops nobody, where it is the note of one, and is told', async () => {
    const [first, second] = new LogOfRecords(NOW_MS)
      .logs({ 'service.name': 'a' }, [{ timeNano: 1n, body: 'first' }])
      .logs({ 'service.name': 'a' }, [{ timeNano: 1n, body: 'second' }]).records;
    const letters = await DeadLetters.open(directory);
    await letters.add(first!, 'for no reason');
    await letters.add(second!, 'for no reason');
    const note = path.join(directory, `${String(first!.position).padStart(16, '0')}.json`);
    await tryDamaged(note, async (what) => {
      const warnings: string[] = [];
      const again = await DeadLetters.open(directory, undefined, (sentence) => warnings.push(sentence));
      const positions = again.all().map(({ position }) => position);
      expect(positions, what).toContain(second!.position);
      for (const position of positions)
        expect((await again.get(position))?.record.body.length, what).toBeGreaterThan(0);
      if (existsSync(note)) expect(positions.length + warnings.length, what).toBe(2);
    });
  });
});
