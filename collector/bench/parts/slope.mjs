/** Growth a minute of values that were taken `everyMs` apart: the slope of the line that fits best. */
export function slopePerMinute(values, everyMs) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let above = 0;
  let below = 0;
  for (const [index, value] of values.entries()) {
    above += (index - middle) * (value - mean);
    below += (index - middle) ** 2;
  }
  return below === 0 ? 0 : (above / below) * (60_000 / everyMs);
}
