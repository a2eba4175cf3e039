import { dayText, instantText } from './instant-text.js';
import { isMoving, presets, resolveRange, type TimeRange } from './range.js';

/** The range as the bar shows it. */
export function rangeLabel(range: TimeRange, nowMs: number = Date.now()): string {
  if (isMoving(range)) {
    const preset = presets.find((candidate) => candidate.from === range.from);
    if (preset) return preset.label;
    const relative = /^now-(\d+)([smhdw])$/.exec(range.from);
    if (relative) return `Last ${relative[1]} ${relative[2]}`;
  }
  const { fromMs, toMs } = resolveRange(range, nowMs);
  const millis = toMs - fromMs < 10_000;
  const sameDay = dayText(fromMs) === dayText(toMs);
  const end = instantText(toMs, sameDay ? toMs : nowMs, millis);
  return `${instantText(fromMs, nowMs, millis)} – ${isMoving(range) ? 'now' : end}`;
}

/** The value of a `datetime-local` field: local time, to the second. */
export function localInputText(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
