import type { Trace } from '@orrery/collector/api';
import type { TraceTree } from '../waterfall/trace-tree.js';
import { NumberHeap } from './number-heap.js';

/**
 * Where a flame graph draws each span. No two spans of one lane run at the same time, a span's children stand below it,
 * and between a span and its children there is nobody else's span at their time. `span` below is a row of the columns.
 */
export interface FlameLanes {
  /** How many there are; lane 0 is the topmost. */
  count: number;
  /** Lane of each span. */
  lane: Int32Array;
  /** Spans, lane by lane and in order of their start within one. */
  spans: Int32Array;
  /** Lane n holds `spans` from `begin[n]` up to `begin[n + 1]`. */
  begin: Int32Array;
  /** Lanes with an error in them, ascending. */
  errors: Int32Array;
}

/** A span without a duration takes a nanosecond, so that two at one instant are not drawn over each other. */
const LEAST_MS = 1e-6;

/** What a span and everything below it take: when, and how many lanes. */
interface Blocks {
  start: Float64Array;
  end: Float64Array;
  height: Int32Array;
  /** Lanes below the parent's. */
  offset: Int32Array;
}

/**
 * Blocks of spans that run at the same time are put below each other, as those of one lane are beside each other. Time
 * is n log n in the spans, however many run at once, and nothing is recursive: a trace may be one deep chain.
 */
export function flameLanes(trace: Trace, tree: TraceTree): FlameLanes {
  const size = trace.columns.start_ms.length;
  const blocks: Blocks = {
    start: new Float64Array(size),
    end: new Float64Array(size),
    height: new Int32Array(size),
    offset: new Int32Array(size),
  };
  const stacker = new Stacker(blocks);
  // From the back of the drawn order, so that children are done before their parents.
  for (let at = tree.size - 1; at >= 0; at -= 1) {
    const span = tree.order[at] as number;
    const start = trace.columns.start_ms[span] ?? 0;
    blocks.start[span] = start;
    blocks.end[span] = start + Math.max(LEAST_MS, trace.columns.duration_ms[span] ?? 0);
    const below = siblings(tree, at + 1, at + (tree.subtree[span] ?? 1));
    blocks.height[span] = 1 + stacker.stack(below, 1);
    for (const child of below) {
      blocks.start[span] = Math.min(blocks.start[span] as number, blocks.start[child] as number);
      blocks.end[span] = Math.max(blocks.end[span] as number, blocks.end[child] as number);
    }
  }
  const count = stacker.stack(siblings(tree, 0, tree.size), 0);
  const lane = new Int32Array(size);
  for (let at = 0; at < tree.size; at += 1) {
    const span = tree.order[at] as number;
    const above = (tree.depth[span] ?? 0) > 0 ? (lane[trace.columns.parent[span] ?? 0] as number) : 0;
    lane[span] = above + (blocks.offset[span] as number);
  }
  return { count, lane, ...byLane(trace, tree, lane, count) };
}

/** Spans next to each other in the tree, among the drawn positions from `from` up to `to`. */
function siblings(tree: TraceTree, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = from; at < to; ) {
    const span = tree.order[at] as number;
    found.push(span);
    at += tree.subtree[span] ?? 1;
  }
  return found;
}

/** Puts the blocks of siblings beside and below each other. */
class Stacker {
  readonly #busy = new NumberHeap();
  readonly #free = new NumberHeap();
  /** Of the siblings that overlap, one after the other: the height of each of their lanes, and who is in which. */
  #heights: number[] = [];
  #members: number[] = [];
  #laneOf: number[] = [];

  constructor(private readonly blocks: Blocks) {}

  /** Sets the offset of each, the topmost `first`, and gives the lanes they take in all. */
  stack(spans: number[], first: number): number {
    const { start, end, height } = this.blocks;
    spans.sort((a, b) => (start[a] as number) - (start[b] as number));
    let tallest = 0;
    let until = Number.NEGATIVE_INFINITY;
    for (const span of spans) {
      const begins = start[span] as number;
      // Who begins when all before are over begins at the top again.
      if (begins >= until) tallest = Math.max(tallest, this.#settle(first));
      while (this.#busy.least <= begins) {
        const over = this.#busy.pop();
        this.#free.push(over, over);
      }
      const lane = this.#free.size > 0 ? this.#free.pop() : this.#heights.length;
      this.#busy.push(end[span] as number, lane);
      this.#heights[lane] = Math.max(this.#heights[lane] ?? 0, height[span] as number);
      this.#members.push(span);
      this.#laneOf.push(lane);
      until = Math.max(until, end[span] as number);
    }
    return Math.max(tallest, this.#settle(first));
  }

  #settle(first: number): number {
    let total = 0;
    const tops = this.#heights.map((height) => {
      total += height;
      return total - height;
    });
    for (const [at, span] of this.#members.entries())
      this.blocks.offset[span] = first + (tops[this.#laneOf[at] as number] as number);
    this.#heights = [];
    this.#members = [];
    this.#laneOf = [];
    this.#busy.clear();
    this.#free.clear();
    return total;
  }
}

function byLane(
  trace: Trace,
  tree: TraceTree,
  lane: Int32Array,
  count: number,
): Pick<FlameLanes, 'spans' | 'begin' | 'errors'> {
  const { start_ms, status } = trace.columns;
  const inTime = tree.order.slice().sort((a, b) => (start_ms[a] ?? 0) - (start_ms[b] ?? 0));
  const begin = new Int32Array(count + 1);
  const isBad = new Uint8Array(count);
  for (const span of inTime) {
    const at = lane[span] as number;
    begin[at + 1] = (begin[at + 1] as number) + 1;
    if (status[span] === 'error') isBad[at] = 1;
  }
  for (let at = 0; at < count; at += 1) begin[at + 1] = (begin[at + 1] as number) + (begin[at] as number);
  const next = begin.slice(0, count);
  const spans = new Int32Array(tree.size);
  for (const span of inTime) {
    const at = lane[span] as number;
    spans[next[at] as number] = span;
    next[at] = (next[at] as number) + 1;
  }
  const errors = Int32Array.from({ length: count }, (_, at) => at).filter((at) => isBad[at] === 1);
  return { spans, begin, errors };
}
