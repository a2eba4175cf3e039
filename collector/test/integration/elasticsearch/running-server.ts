import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@elastic/elasticsearch';
import { inject } from 'vitest';
import { type RunningElasticsearch, startElasticsearch } from '../../../../deploy/bootstrap/elasticsearch.mjs';
import { ElasticsearchConfig } from '../../../src/store/elasticsearch/config.js';
import { TOLD, WANTED } from '../../shared-elasticsearch.js';

/** What tests look into a server with. */
interface Helpers {
  client: Client;
  config(more?: Partial<ElasticsearchConfig>): ElasticsearchConfig;
  /** Makes everything that was written findable now. */
  refresh(): Promise<void>;
  folder(name: string): string;
  end(): Promise<void>;
}

const ASK_EVERY_MS = 100;

/**
 * The server that the files of a run share. What a file stores there begins with a prefix of its own; nobody stops the
 * server, changes its settings or looks at all of its indices.
 */
export async function sharedServer(): Promise<Helpers & { url: string }> {
  const shared = inject('sharedElasticsearch');
  writeFileSync(join(shared, WANTED), '');
  const told = join(shared, TOLD);
  while (!existsSync(told)) await wait(ASK_EVERY_MS);
  const { url, error } = JSON.parse(readFileSync(told, 'utf8')) as { url?: string; error?: string };
  if (url === undefined) throw new Error(error);
  const root = mkdtempSync(join(tmpdir(), 'orrery-es-'));
  const client = new Client({ node: url, maxRetries: 0 });
  return {
    url,
    ...helpersOf(client, url, root),
    end: async () => {
      await client.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function helpersOf(client: Client, url: string, root: string): Omit<Helpers, 'end'> {
  return {
    client,
    config: (more = {}) => ElasticsearchConfig.parse({ url, retention_hours: 0, ...more }),
    refresh: async () => {
      await client.indices.refresh({ index: '_all' });
    },
    folder: (name) => join(root, name),
  };
}

/** A real server of this test file's own, on a free port or the given one, with helpers to look into it. */
export async function realServer(port?: number): Promise<
  Helpers & {
    server: RunningElasticsearch;
    /** After the server was killed: one over the same data, at the same address. */
    startAgain(): Promise<void>;
  }
> {
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
    ...helpersOf(client, server.url, root),
    end: async () => {
      await client.close();
      await server.stop();
      rmSync(root, { recursive: true, force: true });
      rmSync(server.dataDir, { recursive: true, force: true });
    },
  };
}
