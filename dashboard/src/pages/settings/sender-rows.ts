import type { SystemStatus } from '@orrery/collector/api';

type Sender = SystemStatus['senders'][number];

/** SDKs of one name count their versions apart for each language. */
export function sdkOf({ sdk, language }: Sender): string {
  return `${sdk} ${language}`;
}

/** The newest version that anybody sends with, by {@link sdkOf}. */
export function newestVersions(senders: readonly Sender[]): Map<string, string> {
  const newest = new Map<string, string>();
  for (const sender of senders) {
    const known = newest.get(sdkOf(sender));
    if (sender.sdk_version !== '' && (known === undefined || compareVersions(sender.sdk_version, known) > 0))
      newest.set(sdkOf(sender), sender.sdk_version);
  }
  return newest;
}

export function isOlder(sender: Sender, newest: ReadonlyMap<string, string>): boolean {
  const best = newest.get(sdkOf(sender));
  return sender.sdk_version !== '' && best !== undefined && compareVersions(sender.sdk_version, best) < 0;
}

export function sortedSenders(
  senders: readonly Sender[],
  by: string,
  descending: boolean,
  newest: ReadonlyMap<string, string>,
): Sender[] {
  const compare: Record<string, (a: Sender, b: Sender) => number> = {
    service: (a, b) => a.service.localeCompare(b.service),
    sdk: (a, b) => a.sdk.localeCompare(b.sdk),
    // The old ones together, then by SDK, so that versions are compared that can be.
    version: (a, b) =>
      Number(isOlder(b, newest)) - Number(isOlder(a, newest)) ||
      a.sdk.localeCompare(b.sdk) ||
      compareVersions(a.sdk_version, b.sdk_version),
    language: (a, b) => a.language.localeCompare(b.language),
    instances: (a, b) => (a.instances ?? 0) - (b.instances ?? 0),
    seen: (a, b) => a.last_seen.padStart(20, '0').localeCompare(b.last_seen.padStart(20, '0')),
  };
  const chosen = compare[by] ?? compare['service'];
  const sorted = senders.toSorted((a, b) => chosen?.(a, b) || a.service.localeCompare(b.service));
  return descending ? sorted.reverse() : sorted;
}

/** By their numbers; what is behind a hyphen comes before the version without it. */
export function compareVersions(a: string, b: string): number {
  const [left = '', leftPre = ''] = a.split(/-(.*)/s);
  const [right = '', rightPre = ''] = b.split(/-(.*)/s);
  const numbers = (text: string) => text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [x, y] = [numbers(left), numbers(right)];
  for (let at = 0; at < Math.max(x.length, y.length); at++) {
    const difference = (x[at] ?? 0) - (y[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (leftPre === rightPre) return 0;
  if (leftPre === '' || rightPre === '') return leftPre === '' ? 1 : -1;
  return leftPre < rightPre ? -1 : 1;
}
