import type { SagaAttempt, SagaDetail } from '@orrery/collector/api';
import { msOfNano } from '../../time/instant-text.js';

export interface Bar {
  attempt: SagaAttempt;
  fromMs: number;
  toMs: number;
  /** What is written on it, or behind it where it is too short. */
  text: string;
  isShort: boolean;
  /** Line within the lane: attempts that overlap lie under one another, each with its text. */
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

/** Width of a letter and room beside the text, in pixels. */
const LETTER = 7;
const ASIDE = 12;

/**
 * Attempts in lanes per service, in order of first appearance, with compensations paired with what they undo.
 * @param pixels width that the time from first to last is drawn in; 0 when that is not known yet
 */
export function sagaTimeline(detail: SagaDetail, nowMs: number, pixels: number): SagaTimeline {
  const { fromMs: firstMs, toMs: lastMs } = boundsOf(detail, nowMs);
  const pixelMs = pixels > 0 ? (lastMs - firstMs) / pixels : 0;
  const lanes = new Map<string, Lane>();
  const bars: Bar[] = [];
  const sorted = [...detail.attempts].sort((a, b) => msOfNano(a.start) - msOfNano(b.start));
  for (const attempt of sorted) {
    const lane = lanes.get(attempt.service) ?? { service: attempt.service, lines: 0, bars: [] };
    lanes.set(attempt.service, lane);
    const fromMs = msOfNano(attempt.start);
    const toMs = attempt.end ? msOfNano(attempt.end) : nowMs;
    const text = textOf(attempt);
    const isShort = toMs - fromMs < LETTER * text.length * pixelMs;
    const reachMs = (bar: Bar) => bar.toMs + (bar.isShort ? (LETTER * bar.text.length + ASIDE) * pixelMs : 0);
    const taken = new Set(lane.bars.filter((bar) => reachMs(bar) > fromMs).map((bar) => bar.line));
    let line = 0;
    while (taken.has(line)) line += 1;
    const bar = { attempt, fromMs, toMs, text, isShort, line };
    lane.bars.push(bar);
    lane.lines = Math.max(lane.lines, line + 1);
    bars.push(bar);
  }
  return { fromMs: firstMs, toMs: lastMs, lanes: [...lanes.values()], pairs: pairsOf(bars) };
}

function boundsOf(detail: SagaDetail, nowMs: number): { fromMs: number; toMs: number } {
  const instants = [
    ...detail.attempts.flatMap(({ start, end }) => [msOfNano(start), end ? msOfNano(end) : nowMs]),
    ...detail.transitions.map((transition) => msOfNano(transition.time)),
    msOfNano(detail.summary.started),
    msOfNano(detail.summary.ended ?? detail.summary.updated),
  ];
  if (detail.summary.deadline) instants.push(msOfNano(detail.summary.deadline));
  const fromMs = Math.min(...instants);
  return { fromMs, toMs: Math.max(...instants, fromMs + 1) };
}

function textOf({ outcome, kind, step, attempt }: SagaAttempt): string {
  const sign = outcome === 'failed' ? '✕ ' : outcome === 'running' ? '▸ ' : '';
  return `${sign}${kind === 'compensation' ? '↺ ' : ''}${step}${attempt > 1 ? ` #${attempt}` : ''}`;
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
