import { z } from 'zod';
import { ingestConfig } from '../ingest/ingest-config.js';
import { ElasticsearchConfig } from '../store/elasticsearch/config.js';
import { SignalRetention } from '../store/signal-retention.js';

const Port = z.int().min(0).max(65_535);

const ApiConfig = z.strictObject({
  /** Names besides localhost under which the dashboard may be asked for. */
  allowed_hosts: z.array(z.string().min(1)).default([]),
  query_timeout_ms: z.int().min(100).default(30_000),
  max_body_bytes: z
    .int()
    .min(1024)
    .default(1024 * 1024),
  /** Live tails that may be open at the same time. */
  max_streams: z.int().min(1).default(32),
  /** Folder of the built dashboard; empty for the one that came with the program. */
  ui_dir: z.string().default(''),
});

const SelfConfig = z.strictObject({
  /** Which of its own requests Orrery traces: those that fail or are slow, every one, or none. */
  traces: z.enum(['slow', 'all', 'off']).default('slow'),
  slow_ms: z.int().min(0).default(1000),
  /** File to which intake and store write every step they take, before the next; empty for none. Tests of faults read it. */
  step_trace: z.string().default(''),
});

const DuckdbConfig = z.strictObject({
  /** Length of a slice: one file holds what came in this time. */
  slice_minutes: z.int().min(1).max(1440).default(60),
  /** Slices that ended longer ago than this are deleted; 0 keeps everything. */
  retention_hours: z
    .int()
    .min(0)
    .default(7 * 24),
  retention: SignalRetention,
  /** The oldest slices go when all together are larger; 0 sets no bound. */
  retention_bytes: z.int().min(0).default(20_000_000_000),
  /** What DuckDB may take of the memory. */
  memory_bytes: z
    .int()
    .min(64 * 1024 * 1024)
    .default(1024 * 1024 * 1024),
  threads: z.int().min(1).max(64).default(2),
});

/** The collector's configuration. Unknown keys refuse to start; sizes are in bytes and times in milliseconds. */
export const OrreryConfig = z
  .strictObject({
    /** Folder of everything that is kept. */
    data_dir: z.string().min(1).default('.orrery'),
    /** Address to listen on. Beyond loopback everybody who reaches it may read and write. */
    host: z.string().min(1).default('127.0.0.1'),
    ui_port: Port.default(1781),
    otlp_port: Port.default(4318),
    store: z.enum(['duckdb', 'elasticsearch']).default('duckdb'),
    /** Folders with `*.saga.yaml` files, relative to the configuration file. */
    sagas: z.array(z.string().min(1)).default(['sagas']),
    log_level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    ingest: ingestConfig.omit({ host: true, otlp_port: true }).prefault({}),
    duckdb: DuckdbConfig.prefault({}),
    elasticsearch: ElasticsearchConfig.prefault({}),
    api: ApiConfig.prefault({}),
    self: SelfConfig.prefault({}),
    /** Read and checked by the synthetic runner, which shares the file. */
    notify: z.unknown().optional(),
    synthetic: z.unknown().optional(),
  })
  .refine(({ ui_port, otlp_port }) => ui_port === 0 || ui_port !== otlp_port, {
    path: ['otlp_port'],
    message: 'must be another port than ui_port',
  });
export type OrreryConfig = z.output<typeof OrreryConfig>;
