import type { Trace } from '@orrery/collector/api';
import { firstNotOver } from './flame-hit.js';
import type { FlameLanes } from './flame-lanes.js';

/** Height of a lane in CSS pixels. */
export const LANE_PX = 20;
/** A thin error is still this wide: red must be seen at any zoom. */
const LEAST_ERROR_PX = 3;
const LEAST_NAMED_PX = 40;
/** The strip to the right that says in which lanes, shown or not, there are errors; and the room it takes. */
const STRIP_PX = 5;
export const STRIP_ROOM_PX = 8;

/** What is seen: milliseconds of the trace across, pixels of all lanes down; `width` is without the strip's room. */
export interface FlameView {
  width: number;
  height: number;
  from: number;
  to: number;
  top: number;
}

export interface FlameColours {
  /** By service. */
  hues: readonly string[];
  /** Of names on a hue. */
  ink: string;
  bad: string;
  accent: string;
}

/** Draws the lanes that are seen: spans, then names, then errors over all of them, then what is selected. */
export function drawFlame(
  context: CanvasRenderingContext2D,
  { trace, lanes, selected }: { trace: Trace; lanes: FlameLanes; selected: number },
  view: FlameView,
  colours: FlameColours,
): void {
  const first = Math.max(0, Math.floor(view.top / LANE_PX));
  const last = Math.min(lanes.count - 1, Math.floor((view.top + view.height) / LANE_PX));
  for (let lane = first; lane <= last; lane += 1) drawLane(context, trace, lanes, lane, view, colours);
  if (selected >= 0) {
    const { x, w } = placeOf(trace, selected, view);
    context.strokeStyle = colours.accent;
    context.lineWidth = 2;
    const y = (lanes.lane[selected] as number) * LANE_PX - view.top;
    context.strokeRect(x + 1, y + 1, Math.max(1, w - 2), LANE_PX - 3);
  }
  if (lanes.count * LANE_PX <= view.height) return;
  context.clearRect(view.width, 0, STRIP_ROOM_PX, view.height);
  context.fillStyle = colours.bad;
  const perLane = view.height / lanes.count;
  const x = view.width + STRIP_ROOM_PX - STRIP_PX;
  for (const lane of lanes.errors) context.fillRect(x, lane * perLane, STRIP_PX, Math.max(2, perLane));
}

function placeOf(trace: Trace, span: number, view: FlameView): { x: number; w: number } {
  const scale = view.width / (view.to - view.from);
  const x = ((trace.columns.start_ms[span] ?? 0) - view.from) * scale;
  return { x, w: Math.max(0.6, (trace.columns.duration_ms[span] ?? 0) * scale - 0.5) };
}

function drawLane(
  context: CanvasRenderingContext2D,
  trace: Trace,
  lanes: FlameLanes,
  lane: number,
  view: FlameView,
  colours: FlameColours,
): void {
  const { start_ms, service, name, status } = trace.columns;
  const y = lane * LANE_PX - view.top;
  const errors: number[] = [];
  const end = lanes.begin[lane + 1] as number;
  let drawn = Number.NEGATIVE_INFINITY;
  for (let at = firstNotOver(trace, lanes, lane, view.from); at < end; at += 1) {
    const span = lanes.spans[at] as number;
    if ((start_ms[span] ?? 0) > view.to) break;
    const { x, w } = placeOf(trace, span, view);
    if (status[span] === 'error') errors.push(x, w);
    // Of many in one pixel one is drawn.
    if (x + w < drawn + 0.5) continue;
    drawn = x + w;
    context.fillStyle = colours.hues[service[span] ?? 0] ?? '';
    context.fillRect(x, y, w, LANE_PX - 1);
    if (w < LEAST_NAMED_PX) continue;
    const left = Math.max(0, x);
    context.save();
    context.beginPath();
    context.rect(left, y, x + w - left - 4, LANE_PX);
    context.clip();
    context.fillStyle = colours.ink;
    context.fillText(trace.names[name[span] ?? 0] ?? '', left + 5, y + LANE_PX / 2);
    context.restore();
  }
  context.fillStyle = colours.bad;
  let red = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < errors.length; at += 2) {
    const x = errors[at] as number;
    const w = Math.max(LEAST_ERROR_PX, errors[at + 1] as number);
    if (x + w < red + 0.5) continue;
    red = x + w;
    context.fillRect(x, y + LANE_PX - 4, w, 3);
  }
}
