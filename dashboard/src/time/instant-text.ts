/** Milliseconds of a nanosecond text; precise enough to show, never to compute with. */
export function msOfNano(nano: string): number {
  return nano.length > 6 ? Number(nano.slice(0, -6)) + Number(`0.${nano.slice(-6)}`) : 0;
}

const two = (value: number) => String(value).padStart(2, '0');
const three = (value: number) => String(value).padStart(3, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `14:03:07`, local. */
export function clockText(ms: number, withMillis = false): string {
  const at = new Date(ms);
  const text = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return withMillis ? `${text}.${three(at.getMilliseconds())}` : text;
}

/** `7 Mar`, local. */
export function dayText(ms: number): string {
  const at = new Date(ms);
  return `${at.getDate()} ${months[at.getMonth()]}`;
}

/** The clock today, day and clock before. */
export function instantText(ms: number, nowMs: number = Date.now(), withMillis = false): string {
  const clock = clockText(ms, withMillis);
  return new Date(ms).toDateString() === new Date(nowMs).toDateString() ? clock : `${dayText(ms)} ${clock}`;
}

/** What hovering a time shows: UTC and how long ago. */
export function instantTitle(ms: number, nowMs: number = Date.now()): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return 'not a time';
  return `${new Date(ms).toISOString().replace('T', ' ').replace('Z', ' UTC')} · ${agoText(ms, nowMs)}`;
}

/** `3 min ago`, `in 20 s`. */
export function agoText(ms: number, nowMs: number = Date.now()): string {
  const age = nowMs - ms;
  if (Math.abs(age) < 1_500) return 'just now';
  const text = coarse(Math.abs(age));
  return age >= 0 ? `${text} ago` : `in ${text}`;
}

function coarse(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.floor(ms / 3_600_000)} h`;
  return `${Math.floor(ms / 86_400_000)} d`;
}

/** Tick of an axis: as fine as the distance of ticks asks for. */
export function tickText(ms: number, stepMs: number): string {
  const at = new Date(ms);
  if (stepMs >= 86_400_000) return dayText(ms);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (stepMs >= 60_000) return at.getHours() === 0 && at.getMinutes() === 0 ? dayText(ms) : clock;
  return `${clock}:${two(at.getSeconds())}`;
}

/** `Europe/Berlin` or `UTC`: shown once, beside the range. */
export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const tickSteps = [
  1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000,
  7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
];

/** Round instants for an axis, at most `count`. Days begin at local midnight. */
export function ticksOf(fromMs: number, toMs: number, count: number): { at: number[]; stepMs: number } {
  const step = tickSteps.find((candidate) => (toMs - fromMs) / candidate <= count) ?? 604_800_000;
  const offset = new Date(fromMs).getTimezoneOffset() * 60_000;
  const at: number[] = [];
  for (let tick = Math.ceil((fromMs - offset) / step) * step + offset; tick < toMs; tick += step) at.push(tick);
  return { at, stepMs: step };
}
