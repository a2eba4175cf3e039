import { fileURLToPath } from 'node:url';
import type { ExpectedSpan, Scenario } from '../scenario.js';
import type { ServerName } from '../servers.js';

interface OtelOptions {
  readonly needs?: ServerName;
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of consumers: the body, and the span it is written in. */
  readonly lines?: Readonly<Record<string, { readonly body: string; readonly at: string }>>;
}

/** What a program of `test/fixtures/otel` does by its paths; `fail` is answered by 500, the others by 200. */
function program(
  name: string,
  paths: Readonly<Record<string, readonly ExpectedSpan[]>>,
  { lines = {}, ...options }: OtelOptions = {},
): Scenario {
  return {
    app: `otel/${name}`,
    ...options,
    exchanges: Object.entries(paths).map(([path, children]) => {
      const failed = path === 'fail' && !('lines' in options) && isAnsweredBy500(name);
      const handled = lines[path];
      return {
        path: `/${path}`,
        status: failed ? 500 : 200,
        span: { name: 'GET', kind: 'server', failed, children },
        logs: [
          ...(failed ? [] : [{ body: `did ${path}`, at: 'GET', line: 'with ids' } as const]),
          ...(handled === undefined ? [] : [{ ...handled, line: 'with ids' } as const]),
        ],
      };
    }),
  };
}

/** What a consumer refuses fails there, and not where it was sent. */
const CONSUMED: ReadonlySet<string> = new Set(['amqplib', 'bullmq']);
const isAnsweredBy500 = (name: string): boolean => !CONSUMED.has(name);

const span =
  (kind: ExpectedSpan['kind'], attributes: Readonly<Record<string, string>>) =>
  (name: string | RegExp, more: Partial<ExpectedSpan> = {}): ExpectedSpan => ({ name, kind, attributes, ...more });

const PROTO = fileURLToPath(new URL('../../test/fixtures/otel/ward.proto', import.meta.url));
const at = { 'server.address': '127.0.0.1' };
const postgresql = span('client', { 'db.system.name': 'postgresql', 'db.namespace': 'postgres', ...at });
const mysqlSpan = span('client', { 'db.system.name': 'mysql', 'db.namespace': 'test', ...at });
const redisSpan = span('client', { 'db.system.name': 'redis', ...at });
const memcachedSpan = span('client', { 'db.system.name': 'memcached', ...at });
const inside = span('internal', {});
const failed = { failed: true } as const;
const threw = (exception: string | null) => ({ failed: true, exception });

const query = 'pg.query:SELECT postgres';
export const pg = program(
  'pg',
  {
    ok: [postgresql('pg-pool.connect', { children: [postgresql('pg.connect')] }), postgresql(query)],
    fail: [postgresql('pg-pool.connect'), postgresql(query, threw(null))],
  },
  { needs: 'PostgreSQL' },
);
const below = (...children: ExpectedSpan[]): Partial<ExpectedSpan> => ({ children });
export const knex = program(
  'knex',
  {
    // On a connection that is new knex asks for the version of the server.
    ok: [postgresql('pg.connect'), postgresql(query), postgresql('select postgres', below(postgresql(query)))],
    fail: [postgresql('select postgres.nothing', { ...threw('42P01'), ...below(postgresql(query, threw(null))) })],
  },
  { needs: 'PostgreSQL' },
);
export const mysql2 = program(
  'mysql2',
  { ok: [mysqlSpan('SELECT'), mysqlSpan('SELECT')], fail: [mysqlSpan('SELECT', failed)] },
  { needs: 'MariaDB' },
);
export const mysql = program(
  'mysql',
  {
    ok: [mysqlSpan('SELECT', { children: [mysqlSpan('SELECT')] })],
    fail: [mysqlSpan('SELECT', { ...failed, children: [mysqlSpan('SELECT', failed)] })],
  },
  { needs: 'MariaDB' },
);
export const ioredis = program(
  'ioredis',
  { ok: [redisSpan('set'), redisSpan('get')], fail: [redisSpan('incr', threw('ReplyError'))] },
  { needs: 'Redis' },
);
export const redis = program(
  'redis',
  {
    ok: [redisSpan('redis-SET'), redisSpan('redis-GET')],
    fail: [redisSpan('redis-INCR', threw('Error'))],
  },
  { needs: 'Redis' },
);
export const memcached = program(
  'memcached',
  {
    ok: [memcachedSpan('memcached set'), memcachedSpan('memcached get')],
    fail: [memcachedSpan('memcached incr', threw('Error'))],
  },
  { needs: 'Memcached' },
);

const sent = (system: string) => span('producer', { 'messaging.system': system, 'messaging.operation.type': 'send' });
const processed = (system: string) =>
  span('consumer', { 'messaging.system': system, 'messaging.operation.type': 'process' });
const [toRabbit, ofRabbit] = [sent('rabbitmq'), processed('rabbitmq')];
export const amqplib = program(
  'amqplib',
  {
    ok: [toRabbit('publish wards', { children: [ofRabbit('admissions process')] })],
    fail: [toRabbit('publish wards', { children: [ofRabbit('admissions process', failed)] })],
  },
  { needs: 'RabbitMQ', lines: { ok: { body: 'handling bed', at: 'admissions process' } } },
);
const [toKafka, ofKafka] = [sent('kafka'), processed('kafka')];
export const kafkajs = program(
  'kafkajs',
  { ok: [toKafka(/^send one-/, { children: [ofKafka(/^process one-/)] })] },
  {
    needs: 'Kafka',
  },
);
/** What BullMQ asks Redis for. */
const script = redisSpan('evalsha');
const [toBull, ofBull] = [sent('bullmq'), processed('bullmq')];
export const bullmq = program(
  'bullmq',
  {
    ok: [toBull(/^add admissions-/, { children: [script, ofBull(/^process admissions-/, { open: true })] })],
    fail: [
      toBull(/^add admissions-/, { children: [script, ofBull(/^process admissions-/, { ...failed, open: true })] }),
    ],
  },
  { needs: 'Redis' },
);
const [toNats, ofNats] = [sent('nats'), processed('nats')];
export const nats = (fixture: 'nats' | 'nats-core', refusal: string): Scenario =>
  program(
    fixture,
    {
      ok: [toNats('publish wards.7.admitted', { children: [ofNats('process wards.*.admitted')] })],
      ask: [toNats('request beds.find', { children: [ofNats('process beds.find')] })],
      fail: [toNats('request nobody.there', threw(refusal))],
    },
    { needs: 'NATS', lines: { ok: { body: 'handling bed', at: 'process wards.*.admitted' } } },
  );

const rpc = { 'rpc.system': 'grpc', 'rpc.service': 'ward.Beds', 'rpc.method': 'Find' };
const called = (more: Partial<ExpectedSpan>): ExpectedSpan => ({
  ...span('client', rpc)('grpc.ward.Beds/Find', more),
  children: [span('server', rpc)('grpc.ward.Beds/Find', more)],
});
export const grpc = program('grpc', { ok: [called({})], fail: [called(failed)] }, { env: { PROTO } });
export const graphql = program('graphql', {
  ok: [
    inside('graphql.parse'),
    inside('graphql.validate'),
    inside('query Find', { children: [inside('graphql.resolve bed')] }),
  ],
  fail: [
    inside('graphql.parse'),
    inside('graphql.validate'),
    inside('query Break', { children: [inside('graphql.resolve broken', threw('Error'))] }),
  ],
});
export const dataloader = program('dataloader', {
  ok: [
    span('client', {})('dataloader.load', { children: [inside('dataloader.batch')] }),
    span('client', {})('dataloader.load'),
  ],
});
export const genericPool = program('generic-pool', { ok: [inside('generic-pool.acquire')] });
export const awsSdk = program('aws-sdk', {
  ok: [
    span('producer', { 'messaging.system': 'aws_sqs', 'messaging.destination.name': 'beds' })('beds send', {
      open: true,
    }),
  ],
});
/** It only keeps the context: what its callbacks write belongs to the request. */
export const lruMemoizer = program('lru-memoizer', { ok: [] }, { lines: { ok: { body: 'found it', at: 'GET' } } });
/** It has no headers: what its handlers do is a trace of its own. */
export const socketIo: Scenario = {
  ...program('socket.io', { ok: [] }),
  also: ({ spans, logs }) => {
    const received = spans.find(
      ({ name, attributes }) => name === 'receive /' && attributes['messaging.socket.io.event_name'] === 'admit',
    );
    if (received?.kind !== 'consumer') return 'no consumer span "receive /"';
    if (
      !spans.some(
        ({ name, kind, parentSpanId }) => name === 'send /' && kind === 'producer' && parentSpanId === received.spanId,
      )
    )
      return 'no producer span "send /" under it';
    return logs.some(({ body, spanId }) => body === 'admitting secret' && spanId === received.spanId)
      ? undefined
      : 'no line of the handler at its span';
  },
};
/** Nothing of it can be asked without its server. */
export const unserved = program('unserved', {});
