import { z } from 'zod';
import { SignalRetention } from '../signal-retention.js';

/** What `elasticsearch:` in the configuration may say. Unknown keys refuse to start. */
export const ElasticsearchConfig = z.strictObject({
  /** `http(s)://host:port`; several separated by commas for the nodes of one cluster. */
  url: z.string().min(1).default('http://127.0.0.1:9200'),
  username: z.string().default(''),
  password: z.string().default(''),
  /** For clusters that use API keys instead of a user: the encoded key. */
  api_key: z.string().default(''),
  /** PEM of the authority that signed the server's certificate. */
  ca_file: z.string().default(''),
  /** First part of every index name; lower case. Names that full servers' own templates claim do not begin like it. */
  index_prefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens')
    .default('orrery'),
  /** Length of a slice: one index per kind and slice. A divisor or a multiple of a day. */
  slice_minutes: z
    .number()
    .int()
    .min(1)
    .max(60 * 24 * 31)
    .default(60 * 24),
  shards: z.number().int().min(1).max(64).default(1),
  /** Slices that ended longer ago than this are deleted; 0 keeps everything. */
  retention_hours: z
    .number()
    .int()
    .min(0)
    .default(14 * 24),
  retention: SignalRetention,
  /** The oldest slices go when all together are larger on their primary shards; 0 sets no bound. */
  retention_bytes: z.int().min(0).default(0),
  /** Attribute names that get a field of their own per slice and signal; the others stay searchable, more slowly. */
  attribute_fields: z.number().int().min(0).max(20_000).default(1500),
  request_timeout_ms: z.number().int().min(1000).default(60_000),
  /** Bodies are sent when they reach this size. */
  bulk_bytes: z
    .number()
    .int()
    .min(64 * 1024)
    .max(90 * 1024 * 1024)
    .default(8 * 1024 * 1024),
  /** Bulk requests under way at the same time. */
  bulk_in_flight: z.number().int().min(1).max(16).default(2),
});
export type ElasticsearchConfig = z.infer<typeof ElasticsearchConfig>;
