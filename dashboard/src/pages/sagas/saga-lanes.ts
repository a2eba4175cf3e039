import type { SagaAttempt, SagaDetail } from '@orrery/collector/api';
import { msOfNano } from '../../time/instant-text.js';

export interface Bar {
  attempt: SagaAttempt;
  fromMs: number;
  toMs: number;
  /** Line within the lane: attempts that overlap lie under one another. */
  line: number;
}

export interface Lane {
  service: string;
  lines: number;
  bars: Bar[];
}

/** A compensation and the attempt it undoes, as places in the list of bars. */
export interface Pair {
  done: Bar;
  undo: Bar;
  undone: boolean;
}

export interface SagaTimeline {
  fromMs: number;
  toMs: number;
  lanes: Lane[];
  pairs: Pair[];
}

/** Attempts in lanes per service, in order of first appearance, with compensations paired with what they undo. */
export function sagaTimeline(detail: SagaDetail, nowMs: number): SagaTimeline {
  const lanes = new Map<string, Lane>();
  const bars: Bar[] = [];
  const sorted = [...detail.attempts].sort((a, b) => msOfNano(a.start) - msOfNano(b.start));
  for (const attempt of sorted) {
    const lane = lanes.get(attempt.service) ?? { service: attempt.service, lines: 0, bars: [] };
    lanes.set(attempt.service, lane);
    const fromMs = msOfNano(attempt.start);
    const toMs = attempt.end ? msOfNano(attempt.end) : nowMs;
    const taken = new Set(lane.bars.filter((bar) => bar.toMs > fromMs).map((bar) => bar.line));
    let line = 0;
    while (taken.has(line)) line += 1;
    const bar = { attempt, fromMs, toMs, line };
    lane.bars.push(bar);
    lane.lines = Math.max(lane.lines, line + 1);
    bars.push(bar);
  }
  const instants = [
    ...bars.flatMap((bar) => [bar.fromMs, bar.toMs]),
    ...detail.transitions.map((transition) => msOfNano(transition.time)),
    msOfNano(detail.summary.started),
    msOfNano(detail.summary.ended ?? detail.summary.updated),
  ];
  if (detail.summary.deadline) instants.push(msOfNano(detail.summary.deadline));
  const fromMs = Math.min(...instants);
  const toMs = Math.max(...instants, fromMs + 1);
  return { fromMs, toMs, lanes: [...lanes.values()], pairs: pairsOf(bars) };
}

/** Only the last attempt of a compensation is drawn back; it undoes the last successful attempt of its step. */
function pairsOf(bars: readonly Bar[]): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const undo of bars) {
    const step = undo.attempt.compensates;
    if (undo.attempt.kind !== 'compensation' || step === null) continue;
    const done = bars.findLast(
      (bar) => bar.attempt.kind === 'action' && bar.attempt.step === step && bar.attempt.outcome === 'succeeded',
    );
    if (done) pairs.set(step, { done, undo, undone: undo.attempt.outcome === 'succeeded' });
  }
  return [...pairs.values()];
}
