/** Change against the range before: `+12 %`, `×3.1`, nothing when it is noise. */
export function changeText(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return '';
  const factor = now / before;
  if (factor >= 2) return `×${factor >= 10 ? Math.round(factor) : factor.toFixed(1)}`;
  const percent = Math.round((factor - 1) * 100);
  if (Math.abs(percent) < 3) return '';
  return percent > 0 ? `+${percent} %` : `−${-percent} %`;
}
