import type { SpanTree } from './span-tree.js';

/** Clocks of machines in good order agree this well; a smaller disagreement is left as it is. */
const TOLERANCE_NS = 1_000_000n;

export interface ClockCorrection {
  service: string;
  instance: string;
  shiftNano: bigint;
}

/**
 * Shifts per service instance, where causality proves that its clock is off: a server span cannot begin before, nor
 * end after, the client span that waited for it. The server span is then centred in the client's, which assumes equal
 * ways there and back (as NTP does), and everything of that instance moves along.
 * Instances of one host share a clock and are never corrected against each other.
 */
export function clockCorrections(tree: SpanTree): Map<string, ClockCorrection> {
  const shifts = new Map<string, ClockCorrection>();
  tree.rows.forEach((span, row) => {
    const parent = tree.rows[tree.parent[row] ?? -1];
    if (!parent || span.kind !== 'server' || parent.kind !== 'client') return;
    const key = clockOf(span);
    if (key === clockOf(parent) || shifts.has(key) || (span.host !== '' && span.host === parent.host)) return;
    const base = shifts.get(clockOf(parent))?.shiftNano ?? 0n;
    const parentStart = parent.startNano + base;
    const parentEnd = parent.endNano + base;
    const early = parentStart - span.startNano;
    const late = span.endNano - parentEnd;
    const duration = span.endNano - span.startNano;
    if ((early <= TOLERANCE_NS && late <= TOLERANCE_NS) || duration > parentEnd - parentStart) {
      if (base !== 0n) shifts.set(key, { service: span.service, instance: span.instance, shiftNano: 0n });
      return;
    }
    const centred = parentStart + (parentEnd - parentStart - duration) / 2n;
    shifts.set(key, { service: span.service, instance: span.instance, shiftNano: centred - span.startNano });
  });
  return shifts;
}

export function clockOf(span: { service: string; instance: string }): string {
  return `${span.service} ${span.instance}`;
}
