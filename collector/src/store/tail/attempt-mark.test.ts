import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AttemptMark } from './attempt-mark.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'orrery-mark-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the mark of what is being stored', () => {
  it('is gone when everything that was begun came to an end', () => {
    const mark = new AttemptMark(directory);
    mark.begin(0, 100, 10);
    mark.begin(100, 200, 10);
    mark.end(0);
    mark.end(100);
    expect(new AttemptMark(directory).suspectUntil).toBe(0);
  });

  it('suspects everything that was under way when the process died', () => {
    const mark = new AttemptMark(directory);
    mark.begin(0, 100, 10);
    mark.begin(100, 200, 10);
    mark.end(0);
    expect(new AttemptMark(directory).suspectUntil).toBe(200);
  });

  it('narrows down with every death, and names the record that died alone twice', () => {
    const strides: number[] = [];
    // Ten records of ten bytes; the one at 50 ends the process whenever it is tried.
    for (let start = 0; start < 10; start++) {
      const mark = new AttemptMark(directory);
      if (mark.isCulprit(50, 60)) break;
      const stride = Math.min(mark.stride, 10);
      strides.push(stride);
      for (let at = 0; at < 100; at += stride * 10) {
        mark.begin(at, at + stride * 10, stride);
        if (at <= 50 && at + stride * 10 > 50) break;
        mark.end(at);
      }
    }
    expect(strides).toEqual([10, 10, 10, 1, 1]);
    expect(new AttemptMark(directory).isCulprit(40, 50)).toBe(false);
  });
});
