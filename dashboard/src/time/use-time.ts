import { useCallback, useEffect, useMemo, useState } from 'react';
import { defaultRange, isMoving, refreshInterval, resolveRange, type TimeRange } from './range.js';
import { useChangeSearch, useSearch } from './use-address.js';

export interface PageTime {
  range: TimeRange;
  /** Bounds as of the last render of a live page. */
  fromMs: number;
  toMs: number;
  live: boolean;
  paused: boolean;
  /** For `useAnswer`: false when the page does not move. */
  refresh: number | false;
  /** What every question about the range carries. */
  parameters: { from: string; to: string; environment: string };
  zoom(fromMs: number, toMs: number): void;
  setRange(range: TimeRange): void;
  setPaused(paused: boolean): void;
}

/** Time is one thing: every chart of a page reads it here, and brushing any of them changes it for all. */
export function usePageTime(): PageTime {
  const search = useSearch();
  const change = useChangeSearch();
  const from = search.from ?? defaultRange.from;
  const to = search.to ?? defaultRange.to;
  const paused = search.paused === '1';
  const environment = search.env ?? '';
  const range = useMemo(() => ({ from, to }), [from, to]);
  const live = isMoving(range) && !paused;
  const now = useNow(live ? refreshInterval(range) : false);
  const bounds = useMemo(() => resolveRange(range, now), [range, now]);
  const setRange = useCallback(
    (next: TimeRange) =>
      change({
        from: next.from === defaultRange.from && next.to === 'now' ? undefined : next.from,
        to: next.to === 'now' ? undefined : next.to,
        paused: undefined,
      }),
    [change],
  );
  return {
    range,
    ...bounds,
    live,
    paused,
    refresh: live ? refreshInterval(range) : false,
    parameters: useMemo(() => ({ from, to, environment }), [from, to, environment]),
    setRange,
    zoom: useCallback(
      (a: number, b: number) => {
        if (b - a >= 2) setRange({ from: String(Math.round(a)), to: String(Math.round(b)) });
      },
      [setRange],
    ),
    setPaused: useCallback(
      (value: boolean) => change({ paused: value ? '1' : undefined }, { replace: true }),
      [change],
    ),
  };
}

/** The present, renewed at an interval. */
export function useNow(everyMs: number | false): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === false) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
