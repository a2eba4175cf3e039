/** SVG path over equidistant points; a null breaks the line. The top of the box is `top`, one pixel is kept free. */
export function linePath(values: readonly (number | null)[], top: number, width: number, height: number): string {
  const step = values.length > 1 ? width / (values.length - 1) : width;
  let path = '';
  let drawing = false;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      drawing = false;
      return;
    }
    path += `${drawing ? 'L' : 'M'}${round(index * step)} ${round(height - 1 - (value / top) * (height - 3))}`;
    drawing = true;
  });
  return path;
}

/** The same, closed down to the base; null counts as nothing. */
export function areaPath(values: readonly (number | null)[], top: number, width: number, height: number): string {
  if (values.length === 0) return '';
  const filled = values.map((value) => value ?? 0);
  return `${linePath(filled, top, width, height)}L${width} ${height}L0 ${height}Z`;
}

export function maximumOf(values: readonly (number | null)[]): number {
  let top = 0;
  for (const value of values) if (value !== null && value > top) top = value;
  return top;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
