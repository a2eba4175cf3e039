import { describe, expect, it } from 'vitest';
import { Refusal } from '../receive/refusal.js';
import { FairShares, type LogOccupancy } from './fair-shares.js';

/** A log of which nothing is released yet. */
function log(maxBytes = 1000) {
  const occupancy: LogOccupancy = { bytes: 0, maxBytes, end: 0, released: 0 };
  const shares = new FairShares(() => occupancy);
  const send = (sender: string, bytes: number): boolean => {
    try {
      const charge = shares.take(sender, bytes);
      occupancy.bytes += bytes;
      occupancy.end += bytes;
      charge.logged();
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      expect(error).toMatchObject({
        code: expect.stringMatching(/^(?:over_share|log_full)$/) as string,
        retryable: true,
        headers: { 'Retry-After': '2' },
        sender,
      });
      return false;
    }
  };
  const sendAll = (sender: string, bytes = 10) => {
    let taken = 0;
    while (send(sender, bytes)) taken += bytes;
    return taken;
  };
  const release = (position: number) => {
    occupancy.released = position;
    occupancy.bytes = occupancy.end - position;
  };
  return { occupancy, shares, send, sendAll, release };
}

describe('shares of the log', () => {
  it('gives a sender alone half of it, and the next half of what is left', () => {
    const { sendAll, send } = log();
    expect(sendAll('heavy')).toBe(500);
    expect(sendAll('second')).toBe(250);
    for (let i = 0; i < 100; i++) expect(send(`light ${i}`, 1)).toBe(true);
    expect(send('heavy', 10)).toBe(false);
  });

  it('takes everything while the store keeps up', () => {
    const { occupancy, send, release } = log();
    for (let i = 0; i < 1000; i++) {
      expect(send('heavy', 100)).toBe(true);
      release(occupancy.end);
    }
  });

  it('takes from a heavy sender again once the store has released what waited', () => {
    const { occupancy, sendAll, send, release } = log();
    sendAll('heavy');
    expect(send('heavy', 10)).toBe(false);
    release(occupancy.end - 100);
    expect(send('heavy', 10)).toBe(true);
  });

  it('gives back what was not logged after all', () => {
    const { shares, sendAll } = log();
    for (let i = 0; i < 100; i++) shares.take('heavy', 10).undo();
    expect(sendAll('heavy')).toBe(500);
  });

  it('gives nobody more for inventing names', () => {
    const { send } = log(100_000);
    let taken = 0;
    for (let i = 0; i < 50_000; i++) if (send(`name ${i}`, 10)) taken += 10;
    expect(taken).toBeLessThan(60_000);
  });
});
