import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  missingServers,
  type RunningServer,
  startMariadb,
  startMemcached,
  startPostgresql,
  startRedis,
} from '../../../deploy/bootstrap/servers.mjs';
import { bothKinds } from '../sink/fixture-kinds.js';
import { observe } from '../sink/observed-run.js';

interface Case {
  readonly library: string;
  /** Another version of it, by the name it is installed under. */
  readonly installed?: string;
  /** Names of the spans of a request that succeeds and of one that fails, in any order. */
  readonly ok: readonly string[];
  readonly fail: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly statement?: string;
  /** Its errors quote values: `/quoted` provokes one. */
  readonly quotes?: true;
}

const redis = { 'db.system.name': 'redis', 'server.address': '127.0.0.1' };
const mysql = { 'db.system.name': 'mysql', 'db.namespace': 'test', 'server.address': '127.0.0.1' };
const postgresql = { 'db.system.name': 'postgresql', 'db.namespace': 'postgres', 'server.address': '127.0.0.1' };

const servers: readonly { name: string; start: () => Promise<RunningServer>; cases: readonly Case[] }[] = [
  {
    name: 'Redis',
    start: startRedis,
    cases: [
      { library: 'ioredis', ok: ['set', 'get'], fail: ['incr'], attributes: redis },
      { library: 'ioredis', installed: 'ioredis-5', ok: ['set', 'get'], fail: ['incr'], attributes: redis },
      { library: 'redis', ok: ['redis-SET', 'redis-GET'], fail: ['redis-INCR'], attributes: redis },
      {
        library: 'redis',
        installed: 'redis-4',
        ok: ['redis-SET', 'redis-GET'],
        fail: ['redis-INCR'],
        attributes: redis,
      },
    ],
  },
  {
    name: 'MariaDB',
    start: startMariadb,
    cases: [
      {
        library: 'mysql2',
        ok: ['SELECT', 'SELECT'],
        fail: ['SELECT'],
        attributes: mysql,
        quotes: true,
        statement: 'SELECT ? + ? AS next, ? AS word',
      },
      {
        library: 'mysql',
        ok: ['SELECT', 'SELECT'],
        fail: ['SELECT', 'SELECT'],
        attributes: mysql,
        statement: 'SELECT ? + ? AS next, ? AS word',
      },
    ],
  },
  {
    name: 'PostgreSQL',
    start: startPostgresql,
    cases: [
      {
        library: 'pg',
        ok: ['pg-pool.connect', 'pg.connect', 'pg.query:SELECT postgres'],
        fail: ['pg-pool.connect', 'pg.query:SELECT postgres'],
        attributes: postgresql,
        statement: 'SELECT $1::int + ? AS next, ? AS word WHERE ? = ?',
        quotes: true,
      },
      {
        library: 'knex',
        ok: ['pg.connect', 'pg.query:SELECT postgres', 'pg.query:SELECT postgres', 'select postgres'],
        fail: ['pg.query:SELECT postgres', 'select postgres.nothing'],
        attributes: postgresql,
        statement: 'select "next" from (select ?::int as next) as "found"',
      },
    ],
  },
  {
    name: 'Memcached',
    start: startMemcached,
    cases: [
      {
        library: 'memcached',
        ok: ['memcached set', 'memcached get'],
        fail: ['memcached incr'],
        attributes: { 'db.system.name': 'memcached', 'server.address': '127.0.0.1' },
      },
    ],
  },
];

describe.each(servers)('on a real $name', ({ name, start, cases }) => {
  const isMissing = missingServers().includes(name);
  let server: RunningServer;
  beforeAll(async () => {
    if (!isMissing) server = await start();
  });
  afterAll(() => server?.stop());

  it.skipIf(isMissing).each(cases)(
    'spans of $library ($installed) are under the request, in both kinds of module',
    async (expected) => {
      const { library, installed, attributes, statement, quotes } = expected;
      for (const file of await bothKinds(`otel/${library}.mjs`, installed ? { [library]: installed } : {})) {
        const env = { SERVER_URL: server.url, OTEL_SERVICE_NAME: library };
        const asked = ['ok', 'fail', ...(quotes ? ['quoted'] : [])];
        const run = await observe(
          file,
          asked,
          { env },
          (seen) =>
            (['ok', 'fail'] as const).every((path) => seen.trace(path).length >= expected[path].length) &&
            asked.every((path) => seen.trace(path).length > 0),
        );
        expect(run.stderr).toBe('');
        for (const path of ['ok', 'fail'] as const) {
          const spans = run.trace(path);
          expect(spans.map((span) => span.name).sort(), path).toEqual([...expected[path]].sort());
          const { spanId } = run.request(path);
          const known = new Set([spanId, ...spans.map((span) => span.spanId)]);
          for (const span of spans) {
            expect(known).toContain(span.parentSpanId);
            expect(span).toMatchObject({
              kind: 'client',
              attributes: { ...attributes, 'correlation.id': `on-${path}` },
            });
          }
          expect(spans.some((span) => span.parentSpanId === spanId)).toBe(true);
        }
        expect(run.trace('fail').some(({ status }) => status.code === 2)).toBe(true);
        expect(run.trace('ok').every(({ status }) => status.code === 0)).toBe(true);
        if (statement !== undefined) {
          expect(run.trace('ok').map((span) => span.attributes['db.query.text'])).toContain(statement);
        }
        if (quotes) {
          // The database repeats what it was given; the span of its call does not.
          expect(run.answers['quoted']).toContain('secret');
          const failed = run.trace('quoted').filter(({ status }) => status.code === 2);
          expect(failed.length).toBeGreaterThan(0);
          expect(failed.some(({ status }) => status.message.includes('?'))).toBe(true);
        }
        expect(
          JSON.stringify(
            run.spans.map(({ attributes, events, status }) => [
              attributes,
              events.map((event) => event.attributes),
              status,
            ]),
          ),
        ).not.toContain('secret');
      }
    },
  );

  if (name !== 'PostgreSQL') return;
  it.skipIf(isMissing)('values stay in statements and errors when that is asked for', async () => {
    const [file = ''] = await bothKinds('otel/pg.mjs');
    const env = { SERVER_URL: server.url, ORRERY_STATEMENT_VALUES: 'true' };
    const run = await observe(file, ['quoted'], { env }, (seen) =>
      seen.trace('quoted').some(({ status }) => status.code === 2),
    );
    const query = run.trace('quoted').find(({ attributes }) => 'db.query.text' in attributes);
    expect(query?.attributes['db.query.text']).toBe("SELECT 'secret'::int");
    expect(query?.status.message).toContain('secret');
  });
});
