import { describe, expect, it } from 'vitest';
import { RunningQuestions } from './running-questions.js';

/** Of a question or of work: it is over when told so. */
function task() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { run: () => ended, end: () => end() };
}

describe('work that wants no question to run', () => {
  it('waits for those that run, and keeps those that come until it is done', async () => {
    const questions = new RunningQuestions();
    const [first, work] = [task(), task()];
    const order: string[] = [];
    const running = questions.run(first.run).then(() => order.push('first'));
    const done = questions.whenNone(60_000, async () => {
      order.push('work');
      await work.run();
      order.push('work is done');
    });
    const later = questions.run(() => Promise.resolve(order.push('later')));
    first.end();
    await running;
    work.end();
    expect(await done).toBe(true);
    await later;
    expect(order).toEqual(['first', 'work', 'work is done', 'later']);
  });

  it('is given up without patience or when that ends, and nobody waits any more', async () => {
    const questions = new RunningQuestions();
    const endless = task();
    const running = questions.run(endless.run);
    let isRun = false;
    const work = () => Promise.resolve(void (isRun = true));
    expect(await questions.whenNone(0, work)).toBe(false);
    expect(await questions.whenNone(1, work)).toBe(false);
    expect(await questions.run(() => Promise.resolve('answered'))).toBe('answered');
    expect(isRun).toBe(false);
    endless.end();
    await running;
  });

  it('lets questions go on when it fails', async () => {
    const questions = new RunningQuestions();
    await expect(questions.whenNone(0, () => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
    expect(await questions.run(() => Promise.resolve('answered'))).toBe('answered');
  });
});
