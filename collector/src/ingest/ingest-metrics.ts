import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { IngestFigures } from './ingest-figures.js';

/** The figures as Prometheus metrics, read when they are asked for. */
export function ingestMetrics(figures: () => IngestFigures): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const counter = (name: string, help: string, label: string, read: (f: IngestFigures) => Record<string, number>) => {
    const metric = new Counter({
      name,
      help,
      labelNames: [label],
      registers: [],
      collect() {
        this.reset();
        for (const [key, value] of Object.entries(read(figures()))) this.inc({ [label]: key }, value);
      },
    });
    registry.registerMetric(metric);
  };
  const gauge = (name: string, help: string, read: (f: IngestFigures) => number) => {
    const metric = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read(figures()));
      },
    });
    registry.registerMetric(metric);
  };

  counter('orrery_ingest_requests_total', 'Requests acknowledged', 'transport', (f) => f.requests);
  counter('orrery_ingest_items_total', 'Items acknowledged', 'kind', (f) => f.items);
  counter('orrery_ingest_bytes_total', 'Bytes by stage', 'stage', (f) => f.bytes);
  counter('orrery_ingest_refusals_total', 'Requests refused', 'reason', (f) => f.refusals);
  const refusedSenders = new Counter({
    name: 'orrery_ingest_sender_refusals_total',
    help: 'Requests refused by the service that sent them; the first some hundred services by name',
    labelNames: ['service', 'reason'],
    registers: [],
    collect() {
      this.reset();
      for (const { service, reason, requests } of figures().refusedSenders) this.inc({ service, reason }, requests);
    },
  });
  registry.registerMetric(refusedSenders);
  counter('orrery_ingest_changed_total', 'Values changed or items left out before the log', 'change', (f) => ({
    rejected: f.rejectedItems,
    redacted: f.redactedValues,
    truncated: f.truncatedValues,
    absurd_time: f.absurdTimes,
  }));
  counter('orrery_ingest_duplicates_total', 'Requests that came again', 'signal', (f) => ({ any: f.duplicates }));
  counter('orrery_ingest_closed_connections_total', 'Connections closed', 'reason', (f) => f.closedConnections);
  gauge('orrery_log_end_position', 'Bytes ever written to the log', (f) => f.log.end);
  gauge('orrery_log_released_position', 'Position up to which the store needs nothing', (f) => f.log.released);
  gauge('orrery_log_bytes', 'Bytes of the log on disk', (f) => f.log.bytes);
  gauge('orrery_log_max_bytes', 'Bound of the log', (f) => f.log.maxBytes);
  gauge('orrery_log_syncs', 'Group syncs since the start', (f) => f.log.syncs);
  return registry;
}
