import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningElasticsearch, startElasticsearch } from '../../../../deploy/bootstrap/elasticsearch.mjs';
import { ElasticsearchConfig } from '../../../src/store/elasticsearch/config.js';
import { openElasticsearchStore } from '../../../src/store/elasticsearch/open-elasticsearch-store.js';
import { eventually, startOrrery } from '../program/orrery-process.js';
import { newTraceId, orderTrace, send } from '../program/shop-telemetry.js';
import { makeCertificates } from './certificates.js';
import { RecordsGiven, serverSpan } from './telemetry-given.js';

const USER = { user: 'orrery', password: 'q7-tangerine-ladder' };
const never = new AbortController().signal;
let folder: string;
let certificates: ReturnType<typeof makeCertificates>;
let server: RunningElasticsearch;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-secure-'));
  certificates = makeCertificates(join(folder, 'certificates'));
  server = await startElasticsearch({
    port: 23_100,
    dataDir: join(folder, 'server'),
    heap: '512m',
    security: USER,
    tls: certificates,
  });
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const config = (more: Partial<ElasticsearchConfig> = {}) =>
  ElasticsearchConfig.parse({
    url: server.url,
    username: USER.user,
    password: USER.password,
    ca_file: certificates.caFile,
    ...more,
  });

test('user, password and an authority of its own: everything is stored and found', async () => {
  const store = await openElasticsearchStore(config(), { logDirectory: join(folder, 'log') });
  const record = new RecordsGiven().traces({ 'service.name': 'shop' }, [serverSpan(1, 1)]);
  expect(await store.writer.write([record], never)).toMatchObject({ spans: 1, deadLetters: 0 });
  expect(await store.health()).toMatchObject({ ok: true });
  await expect.poll(async () => (await store.reader.storage(never)).spans, { timeout: 30_000 }).toBe(1);
  await store.close();
});

test.each([
  [
    'a wrong password',
    { password: 'wrong-q7' },
    /refuses the credentials \(401\).*elasticsearch\.username and elasticsearch\.password/,
  ],
  [
    'an authority that did not sign',
    () => ({ ca_file: certificates.strangerFile }),
    /not trusted.*elasticsearch\.ca_file/,
  ],
  ['no authority', { ca_file: '' }, /not trusted.*elasticsearch\.ca_file/],
])('%s is said in one sentence that names the setting and no secret', async (_what, more, sentence) => {
  const given = config(typeof more === 'function' ? more() : more);
  const store = await openElasticsearchStore(given, { logDirectory: join(folder, 'log') });
  const health = await store.health();
  expect(health).toMatchObject({ ok: false, sentence: expect.stringMatching(sentence) });
  const failure: unknown = await store.prepare(never).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'store_unavailable',
    retryable: true,
    message: expect.stringMatching(sentence),
  });
  expect(`${String(failure)} ${JSON.stringify(failure)} ${health.sentence}`).not.toContain(given.password);
  await store.close();
});

test('a file that is not there ends the opening with a sentence', async () => {
  await expect(openElasticsearchStore(config({ ca_file: '/nowhere/ca.pem' }))).rejects.toThrow(
    'elasticsearch.ca_file /nowhere/ca.pem can not be read (ENOENT).',
  );
});

test('the program says at start and in /readyz that the password is wrong, takes telemetry, and never prints a secret', async () => {
  const password = 'not-the-ladder';
  const orrery = await startOrrery(join(folder, 'data'), {
    args: ['--store=elasticsearch', `--elasticsearch-url=${server.url}`],
    env: {
      ORRERY_ELASTICSEARCH__USERNAME: USER.user,
      ORRERY_ELASTICSEARCH__PASSWORD: password,
      ORRERY_ELASTICSEARCH__CA_FILE: certificates.caFile,
    },
  });
  try {
    expect(await send(orrery.otlp, 'traces', orderTrace(newTraceId()))).toBe(200);
    const answer = await eventually(async () => {
      const ready = await fetch(`${orrery.ui}/readyz`);
      const body = (await ready.json()) as { components: { name: string; ok: boolean; sentence: string }[] };
      const wrong = body.components.filter(({ ok }) => !ok).map(({ name }) => name);
      expect([ready.status, wrong]).toEqual([503, ['store', 'elasticsearch']]);
      return body;
    });
    for (const { sentence } of answer.components.filter(({ ok }) => !ok)) {
      expect(sentence).toContain('refuses the credentials (401)');
    }
    expect(orrery.output()).toContain('refuses the credentials (401)');
    expect(orrery.output() + JSON.stringify(answer)).not.toContain(password);
  } finally {
    await orrery.end('SIGTERM');
  }
});
