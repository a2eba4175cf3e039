import { durationText, threeDigits } from '../time/duration-text.js';

/** A count or rate in three significant digits: `1.24 k`, `56.1 M`, `0.03`. */
export function figureText(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 999_500_000) return `${threeDigits(value / 1e9)} G`;
  if (size >= 999_500) return `${threeDigits(value / 1e6)} M`;
  if (size >= 10_000) return `${threeDigits(value / 1e3)} k`;
  if (size >= 1_000) return Math.round(value).toLocaleString('en').replaceAll(',', '\u202f');
  if (size > 0 && size < 0.01) return '<0.01';
  return threeDigits(value);
}

/** Requests per second; below one a second, per minute reads better. */
export function rateText(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return '–';
  if (perSecond === 0) return '0 /s';
  return perSecond < 0.1 ? `${figureText(perSecond * 60)} /min` : `${figureText(perSecond)} /s`;
}

/** A ratio of 0–1 as percent; a small one is never rounded to nothing. */
export function percentText(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return '–';
  if (ratio === 0) return '0 %';
  if (ratio < 0.0001) return '<0.01 %';
  return `${threeDigits(ratio * 100)} %`;
}

/** Bytes in binary units. */
export function bytesText(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1_000 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${threeDigits(value)} ${units[unit]}`;
}

/** A figure in a UCUM unit as OTLP names it; unknown units stand beside the figure as they came. */
export function unitText(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '–';
  switch (unit) {
    case 'ms':
      return durationText(value);
    case 's':
      return durationText(value * 1_000);
    case 'ns':
      return durationText(value / 1e6);
    case 'us':
      return durationText(value / 1e3);
    case 'By':
      return bytesText(value);
    case '1':
      return figureText(value);
    case '%':
      return `${figureText(value)} %`;
    case '':
      return figureText(value);
    default:
      return `${figureText(value)} ${unit.replaceAll(/[{}]/g, '')}`;
  }
}

/** `1 trace`, `2 traces`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${figureText(count)} ${count === 1 ? one : many}`;
}
