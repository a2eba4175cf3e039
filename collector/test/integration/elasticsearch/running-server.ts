import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { type RunningElasticsearch, startElasticsearch } from '../../../../deploy/bootstrap/elasticsearch.mjs';
import { ElasticsearchConfig } from '../../../src/store/elasticsearch/config.js';

/** A real server of this test file's own, on a free port or the given one, with helpers to look into it. */
export async function realServer(port?: number): Promise<{
  server: RunningElasticsearch;
  client: Client;
  config(more?: Partial<ElasticsearchConfig>): ElasticsearchConfig;
  /** Makes everything that was written findable now. */
  refresh(): Promise<void>;
  folder(name: string): string;
  /** After the server was killed: one over the same data, at the same address. */
  startAgain(): Promise<void>;
  end(): Promise<void>;
}> {
  const root = mkdtempSync(join(tmpdir(), 'orrery-es-'));
  const start = (at: number | undefined) =>
    startElasticsearch({ ...(at === undefined ? {} : { port: at }), dataDir: join(root, 'server'), heap: '1g' });
  let server = await start(port);
  const client = new Client({ node: server.url, maxRetries: 0 });
  return {
    get server() {
      return server;
    },
    startAgain: async () => {
      server = await start(Number(new URL(server.url).port));
    },
    client,
    config: (more = {}) => ElasticsearchConfig.parse({ url: server.url, retention_hours: 0, ...more }),
    refresh: async () => {
      await client.indices.refresh({ index: '_all' });
    },
    folder: (name) => join(root, name),
    end: async () => {
      await client.close();
      await server.stop();
      rmSync(root, { recursive: true, force: true });
      rmSync(server.dataDir, { recursive: true, force: true });
    },
  };
}
