import type { LogRow } from '@orrery/collector/api';
import { useEffect, useRef, useState } from 'react';
import { addressOf } from './client.js';

export interface LogTail {
  /** Newest first; at most `keep`. */
  lines: readonly LogRow[];
  /** Lines that came while the list stood still. */
  waiting: number;
  /** Lines the collector left out because they came too fast. */
  dropped: number;
  state: 'off' | 'connecting' | 'open' | 'lost';
}

const keep = 5_000;
const none: LogTail = { lines: [], waiting: 0, dropped: 0, state: 'off' };

/**
 * Log lines as they come (SSE). While `held` they are counted and kept aside, so that what is being read does not move.
 * A lost connection is opened again by the browser; what came meanwhile is in the list, not in the tail.
 */
export function useLogTail(active: boolean, held: boolean, q: string, environment: string): LogTail {
  const [tail, setTail] = useState<LogTail>(none);
  const heldNow = useRef(held);
  heldNow.current = held;
  useEffect(() => {
    if (!active) {
      setTail(none);
      return;
    }
    setTail({ ...none, state: 'connecting' });
    let arrived: LogRow[] = [];
    let dropped = 0;
    const source = new EventSource(addressOf('/logs/tail', { q, environment }));
    source.addEventListener('open', () => setTail((before) => ({ ...before, state: 'open' })));
    source.addEventListener('error', () => setTail((before) => ({ ...before, state: 'lost' })));
    source.addEventListener('log', (event: MessageEvent<string>) => {
      arrived.push(JSON.parse(event.data) as LogRow);
      if (arrived.length > keep) arrived = arrived.slice(-keep);
    });
    source.addEventListener('gap', (event: MessageEvent<string>) => {
      dropped += (JSON.parse(event.data) as { dropped: number }).dropped;
    });
    // Lines are shown in bunches: a screen cannot be read faster than this.
    const timer = setInterval(() => {
      if (heldNow.current) {
        setTail((before) =>
          before.waiting === arrived.length ? before : { ...before, waiting: arrived.length, dropped },
        );
        return;
      }
      if (arrived.length === 0) return;
      const fresh = arrived.reverse();
      arrived = [];
      setTail((before) => ({ ...before, lines: [...fresh, ...before.lines].slice(0, keep), waiting: 0, dropped }));
    }, 250);
    return () => {
      clearInterval(timer);
      source.close();
    };
  }, [active, q, environment]);
  return tail;
}
