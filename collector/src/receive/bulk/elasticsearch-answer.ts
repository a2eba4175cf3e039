import type { IncomingMessage } from 'node:http';

/** The version we pass for: clients of 7.14 to 9 look at it and at the product header. */
const VERSION = '8.19.0';

const INFO = Buffer.from(
  JSON.stringify({
    name: 'orrery',
    cluster_name: 'orrery',
    cluster_uuid: 'orrery-bulk-intake',
    version: {
      number: VERSION,
      build_flavor: 'default',
      build_type: 'orrery',
      lucene_version: '9.12.0',
      minimum_wire_compatibility_version: '7.17.0',
      minimum_index_compatibility_version: '7.0.0',
    },
    tagline: 'You Know, for Search',
  }),
);
const SHARDS = Buffer.from(JSON.stringify({ _shards: { total: 1, successful: 1, failed: 0 } }));

/** The little that bulk clients ask Elasticsearch besides `_bulk`. */
export const elasticsearchAnswer = {
  /** The body of the answer to a request we know, or null. */
  of(method: string, path: string): Buffer | null {
    if (path === '/' && (method === 'GET' || method === 'HEAD')) return INFO;
    if (/^\/(?:[^/]+\/)?_refresh$/.test(path) && (method === 'POST' || method === 'GET')) return SHARDS;
    return null;
  },

  /** Clients refuse to talk to a server without the product header, and answers carry the type they accept. */
  headers(request: IncomingMessage): Record<string, string> {
    const accept = request.headers.accept ?? '';
    const versioned = /application\/vnd\.elasticsearch\+json;\s*compatible-with=\d+/.exec(accept)?.[0];
    return { 'X-elastic-product': 'Elasticsearch', 'Content-Type': versioned ?? 'application/json' };
  },

  error(status: number, reason: string): Buffer {
    const error = { type: status === 400 ? 'illegal_argument_exception' : 'orrery_exception', reason };
    return Buffer.from(JSON.stringify({ error: { root_cause: [error], ...error }, status }));
  },
};
