/** Whether `version` is in `[min, below)`. Pre-releases count as their release. */
export function isSupported(version: string, range: readonly [min: string, below: string]): boolean {
  return compare(version, range[0]) >= 0 && compare(version, range[1]) < 0;
}

function compare(left: string, right: string): number {
  const ours = numbers(left);
  const theirs = numbers(right);
  for (let index = 0; index < 3; index++) {
    const difference = (ours[index] ?? 0) - (theirs[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return (version.split(/[-+]/)[0] ?? '').split('.').map(Number);
}
