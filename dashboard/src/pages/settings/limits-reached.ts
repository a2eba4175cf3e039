import type { MetricList, MetricResult, SystemStatus } from '@orrery/collector/api';

/** What the agent calls itself in `telemetry.sdk.name`. */
const AGENT = 'orrery';

/** A bound of its own that a sender reached within the range, so that less came than there was. */
export type LimitReached =
  /** More series than the cap: the rest is counted as one. `cap` is known of our own agent only. */
  | { kind: 'series'; service: string; metric: string; cap: number | null; isAgent: boolean }
  /** Records of one signal that the agent could not hand over. */
  | { kind: 'records'; service: string; signal: string; lost: number };

/**
 * What reached a limit, by service; what was lost before what was only counted together.
 * @param capped metrics with a series of `otel.metric.overflow`, whoever sent them
 * @param caps series an instrument may have, by service (`orrery.agent.series.limit`)
 * @param dropped what agents lost, by service and signal (`orrery.agent.dropped`)
 */
export function limitsReached(
  capped: MetricList,
  caps: MetricResult | undefined,
  dropped: MetricResult | undefined,
  senders: SystemStatus['senders'],
): LimitReached[] {
  const agents = new Set(senders.filter(({ sdk }) => sdk === AGENT).map(({ service }) => service));
  const capOf = new Map(caps?.series.map(({ key, points }) => [key[0], points.findLast((cap) => cap !== null)]));
  const series = capped.metrics.flatMap((metric) =>
    metric.capped.map((service): LimitReached => {
      const cap = capOf.get(service) ?? null;
      return { kind: 'series', service, metric: metric.name, cap, isAgent: cap !== null || agents.has(service) };
    }),
  );
  const records = (dropped?.series ?? []).map(({ key: [service, signal], points }): LimitReached => {
    const lost = points.reduce<number>((sum, point) => sum + (point ?? 0), 0);
    return { kind: 'records', service: service ?? '', signal: signal ?? '', lost };
  });
  const lost = records.filter((reached) => reached.kind === 'records' && reached.lost >= 1);
  return [lost, series].flatMap((some) => some.sort((a, b) => a.service.localeCompare(b.service)));
}

/** The limits a service reached, in a few words; empty when there are none. */
export function limitsText(reached: readonly LimitReached[], service: string): string {
  const own = reached.filter((limit) => limit.service === service);
  const metrics = own.filter(({ kind }) => kind === 'series').length;
  const isLosing = own.some(({ kind }) => kind === 'records');
  const words = [
    metrics > 0 ? `${metrics} ${metrics === 1 ? 'metric' : 'metrics'} capped` : '',
    isLosing ? 'records lost' : '',
  ];
  return words.filter(Boolean).join(', ');
}
