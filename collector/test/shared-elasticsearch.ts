import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startElasticsearch } from '../../deploy/bootstrap/elasticsearch.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests ask for the server that they share, and are told of it. */
    sharedElasticsearch: string;
  }
}

/** Made by the test that needs the server first. */
export const WANTED = 'wanted';
/** The server's address, or why there is none. */
export const TOLD = 'told.json';

const LOOK_EVERY_MS = 100;

/**
 * One Elasticsearch for all test files that do no harm to it, started when the first of them asks: a start takes longer
 * than most files. It ends with the run, whatever becomes of the tests.
 */
export function setup(project: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-shared-es-'));
  project.provide('sharedElasticsearch', folder);
  let starting: ReturnType<typeof startElasticsearch> | null = null;
  const tell = (told: { url?: string; error?: string }) => {
    // Whole or not at all: others are looking for it.
    writeFileSync(join(folder, `${TOLD}.new`), JSON.stringify(told));
    renameSync(join(folder, `${TOLD}.new`), join(folder, TOLD));
  };
  const looking = setInterval(() => {
    if (!existsSync(join(folder, WANTED))) return;
    clearInterval(looking);
    starting = startElasticsearch({ dataDir: join(folder, 'server'), heap: '1g' });
    starting.then(
      ({ url }) => tell({ url }),
      (error: unknown) => tell({ error: String(error) }),
    );
  }, LOOK_EVERY_MS);
  looking.unref();
  return async () => {
    clearInterval(looking);
    const server = await starting?.catch(() => null);
    await server?.stop();
    if (server) rmSync(server.dataDir, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  };
}
