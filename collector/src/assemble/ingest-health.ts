import { Agent, request } from 'undici';
import type { IngestHealth, SystemHealth } from '../api/serve/system-health.js';
import type { OrreryConfig } from '../config/schema.js';
import type { IngestFigures } from '../ingest/ingest-figures.js';
import { ownFamilies } from './other-processes-metrics.js';

/** A log this full is about to refuse. */
const NEARLY_FULL = 0.9;

/** Asks the intake for its figures over its local socket. */
export function askIngest(
  socketPath: string,
  config: OrreryConfig,
): Pick<SystemHealth, 'ingest' | 'ingestMetrics'> & { close(): Promise<void> } {
  const agent = new Agent({ connect: { socketPath }, connections: 2, keepAliveTimeout: 1000 });
  const rates = new Rates();
  const get = async (path: string, signal: AbortSignal) =>
    (await request(`http://localhost${path}`, { dispatcher: agent, signal })).body;
  return {
    async ingest(signal) {
      let figures: IngestFigures;
      try {
        figures = (await (await get('/figures', signal)).json()) as IngestFigures;
      } catch (error) {
        throw new Error(`The intake on port ${config.otlp_port} does not answer: its log says why.`, { cause: error });
      }
      return toHealth(figures, rates);
    },
    ingestMetrics: async (signal) => {
      try {
        return ownFamilies(await (await get('/metrics', signal)).text());
      } catch {
        return '';
      }
    },
    close: () => agent.destroy(),
  };
}

function toHealth(figures: IngestFigures, rates: Rates): IngestHealth {
  const { items, refusals, refusedSenders, log } = figures;
  const signal = (name: keyof IngestFigures['signals'], kind: keyof IngestFigures['items']) => {
    const { requests, bytes, refused, rejectedItems, duplicates } = figures.signals[name];
    return {
      requests,
      items: items[kind],
      bytes,
      refused_requests: refused,
      rejected_items: rejectedItems,
      duplicates,
      items_per_second: rates.of(name, items[kind], performance.now()),
    };
  };
  return {
    signals: {
      traces: signal('traces', 'spans'),
      logs: signal('logs', 'logs'),
      metrics: signal('metrics', 'metricPoints'),
    },
    refusals: Object.fromEntries(Object.entries(refusals).map(([reason, count]) => [reason, count ?? 0])),
    refusedSenders,
    log: { bytes: log.bytes, limitBytes: log.maxBytes, end: log.end, released: log.released },
    trouble:
      log.bytes > log.maxBytes * NEARLY_FULL
        ? 'The log is nearly full: the store does not keep up, and senders will be told to wait.'
        : null,
  };
}

/** Items per second between two askings that are at least a second apart. */
class Rates {
  private readonly last = new Map<string, { count: number; atMs: number; rate: number }>();

  of(name: string, count: number, nowMs: number): number {
    const before = this.last.get(name);
    if (before && nowMs - before.atMs < 1000) return before.rate;
    const rate = before && count >= before.count ? ((count - before.count) * 1000) / (nowMs - before.atMs) : 0;
    this.last.set(name, { count, atMs: nowMs, rate });
    return rate;
  }
}
