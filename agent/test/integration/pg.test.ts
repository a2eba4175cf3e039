import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

const PORT = 21_110;

describe('pg, through the unmodified OpenTelemetry instrumentation', () => {
  let sink: OtlpSink;
  let database: PGlite;
  let server: PGLiteSocketServer;

  beforeAll(async () => {
    sink = await startSink();
    database = await PGlite.create();
    server = new PGLiteSocketServer({ db: database, port: PORT, host: '127.0.0.1' });
    await server.start();
  });

  afterAll(async () => {
    await server.stop();
    await database.close();
    await sink.close();
  });

  it.each(['pg.cjs', 'pg.mjs'])('records queries of %s inside the request, without their values', async (app) => {
    const running = runApp(app, {
      collector: sink.url,
      env: { DATABASE_URL: `postgres://postgres@127.0.0.1:${PORT}/postgres`, OTEL_SERVICE_NAME: app },
    });
    const response = await fetch(`http://127.0.0.1:${await running.port}/`);
    expect(await response.text()).toBe('42');
    const ours = () => sink.spans.filter(({ resource }) => resource['service.name'] === app);
    await sink.until(() => ours().some(({ kind }) => kind === 'server'));
    await running.stop();

    const [request] = ours().filter(({ kind }) => kind === 'server');
    const [query] = ours().filter(({ name }) => name.includes('SELECT'));
    expect(query).toMatchObject({
      kind: 'client',
      traceId: request?.traceId,
      parentSpanId: request?.spanId,
      scope: '@opentelemetry/instrumentation-pg',
      attributes: {
        'db.system.name': 'postgresql',
        'db.query.text': 'SELECT $1::int + ? AS next, ? AS word WHERE ? = ?',
        'server.address': '127.0.0.1',
      },
    });
    expect(ours().some(({ name }) => name === 'pg-pool.connect')).toBe(true);
  });
});
