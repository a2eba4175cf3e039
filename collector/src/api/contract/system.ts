import { z } from 'zod';
import { UnixNanoText } from './primitives.js';

export const ComponentState = z.object({
  name: z.enum(['ingest', 'log', 'store', 'elasticsearch', 'api', 'runner']),
  ok: z.boolean(),
  /** What is wrong and what to do; what it does when it is well. */
  sentence: z.string(),
});
export type ComponentState = z.infer<typeof ComponentState>;

/** `/readyz` (200 or 503) and the head of `GET /status`. */
export const Readiness = z.object({ ready: z.boolean(), components: z.array(ComponentState) });
export type Readiness = z.infer<typeof Readiness>;

export const SignalFigures = z.object({
  /** Since the process started. */
  requests: z.number(),
  items: z.number(),
  bytes: z.number(),
  refused_requests: z.number(),
  rejected_items: z.number(),
  duplicates: z.number(),
  items_per_second: z.number(),
});
export type SignalFigures = z.infer<typeof SignalFigures>;

export const SystemStatus = Readiness.extend({
  version: z.string(),
  store: z.enum(['duckdb', 'elasticsearch']),
  started: UnixNanoText,
  ingest: z.object({ traces: SignalFigures, logs: SignalFigures, metrics: SignalFigures }),
  /** Refusals by reason: not_decodable, body_too_large, log_full, disk_full, unsupported_media_type, rate_limited … */
  refusals: z.record(z.string(), z.number()),
  /** The same by service, most often refused first; `service` is empty where a request was refused unread. */
  refused_senders: z.array(
    z.object({ service: z.string(), reason: z.string(), requests: z.number(), last: UnixNanoText }),
  ),
  log: z.object({ bytes: z.number(), limit_bytes: z.number(), lag_bytes: z.number(), lag_ms: z.number() }),
  storage: z.object({
    slices: z.number().int(),
    bytes: z.number(),
    spans: z.number(),
    logs: z.number(),
    metric_points: z.number(),
    oldest: UnixNanoText.nullable(),
    newest: UnixNanoText.nullable(),
    dead_letters: z.number(),
  }),
  /** Senders by service: which SDK or agent, which version, last seen. The newest, when there are very many. */
  senders: z.array(
    z.object({
      service: z.string(),
      sdk: z.string(),
      sdk_version: z.string(),
      language: z.string(),
      /** Of the service, among those that sent lately; null where that is not known. */
      instances: z.number().int().nullable(),
      last_seen: UnixNanoText,
    }),
  ),
  /** There are more senders than are listed. */
  senders_capped: z.boolean(),
  /** Where a newcomer points exporters to: this machine's own addresses. */
  /** `agent`: what to preload on this machine: the agent of this checkout, else its package's name. */
  endpoints: z.object({ otlp_http: z.string(), ui: z.string(), agent: z.string() }),
});
export type SystemStatus = z.infer<typeof SystemStatus>;

export const SearchQuery = z.object({ q: z.string().min(1).max(512) });
export type SearchQuery = z.infer<typeof SearchQuery>;

/** One search box: an id pasted anywhere goes straight to its page. */
export const SearchHit = z.object({
  kind: z.enum(['service', 'operation', 'trace', 'saga', 'correlation', 'check', 'breaker', 'metric']),
  title: z.string(),
  subtitle: z.string(),
  /** Path within the dashboard. */
  href: z.string(),
});
export type SearchHit = z.infer<typeof SearchHit>;
export const SearchResult = z.object({ hits: z.array(SearchHit) });
export type SearchResult = z.infer<typeof SearchResult>;
