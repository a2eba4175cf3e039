import { unlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Registry } from 'prom-client';
import type { IngestFigures } from './ingest-figures.js';

export interface FiguresServer {
  close(): Promise<void>;
}

/**
 * The intake's own figures on a local socket in the data directory, for the other processes of this machine:
 * `GET /figures` ({@link IngestFigures}), `GET /healthz`, `GET /metrics` (Prometheus text).
 */
export async function startFiguresServer(
  socketPath: string,
  figures: () => IngestFigures,
  metrics: Registry,
): Promise<FiguresServer> {
  const answers: Record<string, () => Promise<[type: string, body: string]>> = {
    '/figures': async () => ['application/json', JSON.stringify(figures())],
    '/healthz': async () => ['application/json', '{"status":"ok"}'],
    '/metrics': async () => [metrics.contentType, await metrics.metrics()],
  };
  const server = createServer((request, response) => {
    const answer = answers[(request.url ?? '').split('?', 1)[0]!];
    if (answer === undefined || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    answer().then(
      ([type, body]) => response.writeHead(200, { 'Content-Type': type }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  // Left by a process that was killed; the log's lock has made sure that there is no other.
  await unlink(socketPath).catch(() => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
