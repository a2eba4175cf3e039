/** Milliseconds as people read them: three significant digits, one unit. `1.2 s`, `34.5 ms`, `870 µs`, `2 min 5 s`. */
export function durationText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return '–';
  const size = Math.abs(ms);
  if (size === 0) return '0 ms';
  if (size < 0.001) return `${threeDigits(ms * 1e6)} ns`;
  if (size < 1) return `${threeDigits(ms * 1_000)} µs`;
  if (size < 999.5) return `${threeDigits(ms)} ms`;
  if (size < 59_950) return `${threeDigits(ms / 1_000)} s`;
  return longDuration(ms);
}

/** Two units at most: `3 min`, `2 h 5 min`, `4 d 2 h`. */
export function longDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return withRest(minutes, 'min', seconds % 60, 's', minutes < 10);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return withRest(hours, 'h', minutes % 60, 'min', true);
  return withRest(Math.floor(hours / 24), 'd', hours % 24, 'h', true);
}

/** Three significant digits, trailing zeros gone. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function withRest(value: number, unit: string, rest: number, restUnit: string, wanted: boolean): string {
  return wanted && rest > 0 ? `${value} ${unit} ${rest} ${restUnit}` : `${value} ${unit}`;
}
