import type { Breaker, BreakerState } from '@orrery/collector/api';

const order: readonly BreakerState[] = ['open', 'forced_open', 'half_open', 'unknown', 'closed', 'disabled'];

export interface BreakerGroup {
  target: string;
  breakers: Breaker[];
  open: number;
}

/** By what they protect, because five open breakers are one dead bank; the worst first. */
export function breakerGroups(breakers: readonly Breaker[]): BreakerGroup[] {
  const groups = new Map<string, BreakerGroup>();
  for (const breaker of breakers) {
    const target = breaker.target || breaker.name;
    const group = groups.get(target) ?? { target, breakers: [], open: 0 };
    group.breakers.push(breaker);
    if (breaker.state === 'open' || breaker.state === 'forced_open') group.open += 1;
    groups.set(target, group);
  }
  const rank = (group: BreakerGroup) => Math.min(...group.breakers.map((breaker) => order.indexOf(breaker.state)));
  for (const group of groups.values()) group.breakers.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || b.open - a.open || a.target.localeCompare(b.target));
}

/** The board's answer in a sentence. */
export function breakerSentence(breakers: readonly Breaker[]): string {
  const open = breakerGroups(breakers).filter((group) => group.open > 0);
  const half = breakers.filter((breaker) => breaker.state === 'half_open').length;
  const closed = breakers.filter((breaker) => breaker.state === 'closed').length;
  const total = open.reduce((sum, group) => sum + group.open, 0);
  const parts: string[] = [];
  if (total > 0) {
    parts.push(
      `${total} ${total === 1 ? 'breaker is' : 'breakers are'} open, protecting callers from ${open
        .slice(0, 3)
        .map((group) => group.target)
        .join(', ')}${open.length > 3 ? ' …' : ''}.`,
    );
  }
  if (half > 0) parts.push(`${half} ${half === 1 ? 'is' : 'are'} trying again.`);
  if (closed > 0)
    parts.push(
      total + half > 0
        ? `${closed} closed.`
        : closed === 1
          ? 'The only breaker is closed.'
          : `All ${closed} breakers are closed.`,
    );
  return parts.join(' ') || 'No breaker has reported.';
}
