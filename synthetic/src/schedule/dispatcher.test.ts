import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Check } from '../check/check.js';
import { HttpCheckFile } from '../check/http-check.js';
import { Dispatcher } from './dispatcher.js';
import { nextStart } from './next-start.js';

const step = { name: 'Ask', request: { url: 'http://a/' } };
const check = (name: string, more: object = { every: '10s' }): Check => ({
  kind: 'http',
  file: `${name}.check.yaml`,
  ...HttpCheckFile.parse({ name, title: name, steps: [step], ...more }),
});
const wide = { http: 10, browser: 1, expectation: 5 };
afterEach(() => void vi.useRealTimers());

describe('the dispatcher', () => {
  it('keeps the beat of each check', async () => {
    vi.useFakeTimers();
    const starts: string[] = [];
    const dispatcher = new Dispatcher(
      async ({ name }) => void starts.push(name),
      wide,
      () => 0,
    );
    dispatcher.setChecks([check('a'), check('b', { every: '20s' })]);
    await vi.advanceTimersByTimeAsync(40_500);
    expect(starts.filter((name) => name === 'a')).toHaveLength(5);
    expect(starts.filter((name) => name === 'b')).toHaveLength(3);
    await dispatcher.stop();
  });

  it('never runs the same check twice at once, and counts what fell away', async () => {
    vi.useFakeTimers();
    let running = 0;
    let most = 0;
    const skipped: number[] = [];
    const dispatcher = new Dispatcher(
      async (_, missed) => {
        skipped.push(missed);
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 25_000));
        running -= 1;
      },
      wide,
      () => 0,
    );
    dispatcher.setChecks([check('slow')]);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(most).toBe(1);
    expect(skipped).toEqual([0, 2, 2]);
    expect(dispatcher.skipped).toBe(4);
    void dispatcher.stop();
    await vi.advanceTimersByTimeAsync(25_000);
  });

  it('runs no more of a kind than allowed', async () => {
    vi.useFakeTimers();
    let running = 0;
    let most = 0;
    const done: string[] = [];
    const dispatcher = new Dispatcher(
      async ({ name }) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 1000));
        running -= 1;
        done.push(name);
      },
      { ...wide, http: 2 },
      () => 0,
    );
    dispatcher.setChecks(['a', 'b', 'c', 'd', 'e'].map((name) => check(name)));
    await vi.advanceTimersByTimeAsync(3500);
    expect(most).toBe(2);
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
    await dispatcher.stop();
  });

  it('starts nothing more and aborts what runs when it stops', async () => {
    let aborted = false;
    const dispatcher = new Dispatcher(
      (_, __, stop) =>
        new Promise((resolve) => {
          stop.addEventListener('abort', () => {
            aborted = true;
            resolve();
          });
        }),
      wide,
      () => 0,
    );
    dispatcher.setChecks([check('a')]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await dispatcher.stop();
    expect(aborted).toBe(true);
  });

  it('forgets a check that is gone, takes up a new one, and leaves a switched-off one alone', async () => {
    vi.useFakeTimers();
    const starts: string[] = [];
    const dispatcher = new Dispatcher(
      async ({ name }) => void starts.push(name),
      wide,
      () => 0,
    );
    dispatcher.setChecks([check('a'), check('off', { every: '1s', enabled: false })]);
    await vi.advanceTimersByTimeAsync(1000);
    dispatcher.setChecks([check('b')]);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(starts).toEqual(['a', 'b', 'b']);
    await dispatcher.stop();
  });
});

describe('the next start', () => {
  it('is spread over the interval at first, and then a whole number of intervals on', () => {
    const every = { every: 30_000, cron: undefined, timezone: undefined };
    expect(nextStart(every, null, 1000, () => 0.5)).toBe(6000);
    expect(nextStart(every, 6000, 6001, () => 0)).toBe(36_000);
    expect(nextStart(every, 6000, 100_000, () => 0)).toBe(126_000);
  });
  it('follows cron in its time zone', () => {
    const at = Date.parse('2026-01-05T06:59:30Z');
    const cron = { every: undefined, cron: '0 8 * * 1-5', timezone: 'Europe/Berlin' };
    expect(nextStart(cron, null, at, () => 0)).toBe(Date.parse('2026-01-05T07:00:00Z'));
  });
});
