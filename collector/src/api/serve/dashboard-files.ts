import { existsSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Orrery</title>
<h1>The dashboard is not built</h1>
<p>The collector runs; its API is at <a href="/openapi.json">/openapi.json</a>. To build the dashboard, run
<code>npm run build</code> in Orrery's folder and load this page again.</p></html>`;

/**
 * The built dashboard. Files with a hash in their name never change; every other page is answered with `index.html`,
 * because the dashboard's router owns those paths. The folder may be built while we run.
 */
export function dashboardFiles(app: FastifyInstance, folder: string): (reply: FastifyReply) => FastifyReply {
  void app.register(staticFiles, {
    root: folder,
    prefix: '/',
    wildcard: true,
    index: false,
    serveDotFiles: false,
    schemaHide: true,
    cacheControl: false,
    setHeaders: (response, path) => {
      const hashed = /[/\\]assets[/\\].*[-.][A-Za-z0-9_-]{8,}\.\w+$/.test(path);
      response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const page = (reply: FastifyReply): FastifyReply => {
    void reply.header('cache-control', 'no-cache');
    if (existsSync(join(folder, 'index.html'))) return reply.sendFile('index.html');
    return reply.code(503).header('retry-after', '10').type('text/html; charset=utf-8').send(NOT_BUILT);
  };
  app.get('/', { schema: { hide: true } }, async (_request, reply) => page(reply));
  return page;
}
