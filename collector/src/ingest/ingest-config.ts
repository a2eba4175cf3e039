import { z } from 'zod';

const MIB = 1 << 20;

/** What the intake can be told. Sizes in bytes, times in milliseconds. */
export const ingestConfig = z.strictObject({
  host: z.string().default('127.0.0.1'),
  otlp_port: z.int().min(0).max(65_535).default(4318),
  /** Largest body on the wire, and after decompression. */
  max_body_bytes: z
    .int()
    .min(1024)
    .default(16 * MIB),
  max_inflated_bytes: z
    .int()
    .min(1024)
    .default(64 * MIB),
  /** Largest JSON body: it takes many times its size while it is parsed. */
  max_json_bytes: z
    .int()
    .min(1024)
    .default(16 * MIB),
  /** Bodies in memory at one time, all senders together. */
  max_in_flight_bytes: z
    .int()
    .min(1024)
    .default(256 * MIB),
  /** What one sender (a service, by its name) may send. Besides, nobody may fill the log alone while the store is behind. */
  limits: z
    .strictObject({
      /** Bytes per second after decompression, ten seconds of it at once; beyond it 429. 0 sets no bound. */
      service_bytes_per_second: z.int().min(0).default(0),
      /** The same for services by name; 0 frees one from the bound of all. */
      services: z.record(z.string().min(1), z.int().min(0)).default({}),
    })
    .prefault({}),
  max_connections: z.int().min(1).default(2048),
  headers_timeout_ms: z.int().min(100).default(10_000),
  request_timeout_ms: z.int().min(100).default(60_000),
  /** Origins of web pages that may send telemetry; `*` for every one. */
  cors_origins: z.array(z.string()).default([]),
  log: z
    .strictObject({
      max_bytes: z
        .int()
        .min(1024)
        .default(4096 * MIB),
      segment_bytes: z
        .int()
        .min(1024)
        .default(64 * MIB),
      /** Left free on the disk for the store. */
      min_free_bytes: z
        .int()
        .min(0)
        .default(256 * MIB),
      dedupe_ms: z.int().min(0).default(600_000),
    })
    .prefault({}),
  redact: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Keys to redact besides the built-in ones; `*` at the beginning stands for anything. */
      keys: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  /** Longer texts are cut, with a mark. */
  max_attribute_bytes: z.int().min(64).default(32_768),
  max_log_body_bytes: z.int().min(64).default(262_144),
});

export type IngestConfig = z.output<typeof ingestConfig>;
