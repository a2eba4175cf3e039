import { execFile, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import pino from 'pino';
import pinoElastic from 'pino-elasticsearch';
import { providePython } from '../../../deploy/bootstrap/python.mjs';
import { encodeLogs, encodeMetrics, encodeTraces } from '../../test/fixtures/otlp-encoder.js';
import { logsRequests, metricsRequests, tracesRequests } from '../../test/otlp/arbitrary-requests.js';

/**
 * Records what unmodified senders send into `corpus/`: `node --import tsx collector/torture/fuzz/record-corpus.ts`.
 * To be run when a sender's version changes; the files are committed, so the battery needs none of the senders.
 */
const run = promisify(execFile);
const folder = fileURLToPath(new URL('corpus/', import.meta.url));
const fixture = (name: string) => fileURLToPath(new URL(`../../../deploy/test/fixtures/${name}`, import.meta.url));
const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const LARGEST = 48 * 1024;
const PER_SENDER = 4;

let sender = '';
const kept = new Map<string, number>();

async function keep(request: IncomingMessage, body: Buffer): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0]!;
  const signal = /\/v1\/(\w+)$/.exec(path)?.[1] ?? (path.endsWith('_bulk') ? 'bulk' : null);
  if (signal === null || body.length === 0 || body.length > LARGEST) return;
  const format =
    signal === 'bulk' ? 'ndjson' : request.headers['content-type']?.startsWith('application/json') ? 'otlpjson' : 'pb';
  const gzip = request.headers['content-encoding'] === 'gzip' ? '.gz' : '';
  const kind = `${signal}-${sender}`;
  const number = (kept.get(kind) ?? 0) + 1;
  kept.set(kind, number);
  if (number > PER_SENDER) return;
  const told = gzip === '' ? withoutFolders(body) : gzipSync(withoutFolders(gunzipSync(body)));
  const id = createHash('sha256').update(body).digest('hex').slice(0, 6);
  await writeFile(`${folder}${kind}-${id}.${format}${gzip}`, told);
}

/** Where this checkout lies is nobody's business; the length stays, so that protobuf stays protobuf. */
function withoutFolders(body: Buffer): Buffer {
  return Buffer.from(body.toString('latin1').replaceAll(checkout, '/srv'.padEnd(checkout.length, '/')), 'latin1');
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    void keep(request, Buffer.concat(chunks)).then(() => {
      const json = request.headers['content-type']?.includes('json');
      response.writeHead(200, {
        'Content-Type': json ? 'application/json' : 'application/x-protobuf',
        'X-elastic-product': 'Elasticsearch',
      });
      response.end(json ? '{"took":1,"errors":false,"items":[]}' : '');
    });
  });
});
await mkdir(folder, { recursive: true });
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const environment = {
  ...process.env,
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_SERVICE_NAME: 'loans',
};

async function node(name: string, args: string[], env: Record<string, string>): Promise<void> {
  sender = name;
  await run(process.execPath, [fixture('node-sdk/loans.mjs'), ...args], { env: { ...environment, ...env } });
}

/** A service under our agent, asked a few times. */
async function agent(): Promise<void> {
  sender = 'agent';
  const register = fileURLToPath(new URL('../../../agent/dist/register.cjs', import.meta.url));
  const child = fork(fixture('hello.mjs'), { execArgv: ['--require', register], env: environment, silent: true });
  const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(message as number)));
  for (let i = 0; i < 12; i++) await fetch(`http://127.0.0.1:${port}/hello/${i}`);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function python(name: string, env: Record<string, string>): Promise<void> {
  sender = name;
  await run(await providePython(), [fixture('clinic/clinic.py'), url, '12'], { env: { ...environment, ...env } });
}

async function pinoLines(): Promise<void> {
  sender = 'pino';
  const stream = pinoElastic({ node: url, index: 'shop-%{DATE}', flushBytes: 2000, flushInterval: 20, esVersion: 8 });
  const logger = pino({ name: 'orders', level: 'debug' }, stream);
  logger.info({ trace_id: 'ab'.repeat(16), correlation_id: 'r7', order: { id: 5, tags: ['a', 'ü'] } }, 'order placed');
  logger.error(new Error('bank away'));
  for (let i = 0; i < 20; i++) logger.debug({ i, price: i / 3 }, 'counting');
  const inserted = new Promise((resolve) => stream.on('insert', resolve));
  stream.end();
  await inserted;
}

/** Everything that no sender above happens to use: every type of value, links, exemplars, sagas, breakers. */
async function ownEncoder(): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const resource = { 'service.name': 'own', 'deployment.environment.name': 'test', password: 'secret', odd: [1, 'a'] };
  const values = {
    text: 'ünïcode 🚀',
    empty: '',
    int: -5,
    large: 2n ** 63n - 1n,
    double: 0.1,
    truth: true,
    nothing: null,
    bytes: new Uint8Array([0, 255, 128]),
    array: ['a', 1, [true, { deep: 'x' }]],
    map: { authorization: 'Bearer x', inner: { list: [1, 2.5] } },
    'api.key': 'k',
  };
  const ids = (i: number) => ({
    traceId: i.toString(16).padStart(32, 'a'),
    spanId: i.toString(16).padStart(16, 'b'),
  });
  const spans = Array.from({ length: 40 }, (_, i) => ({
    ...ids(i + 1),
    parentSpanId: i % 4 ? ids(i).spanId : '',
    traceState: 'orrery=svc:caller',
    name: `GET /things/:id/${i % 5}`,
    kind: 1 + (i % 5),
    startNano: now + BigInt(i) * 1000n,
    endNano: now + BigInt(i) * 5000n,
    status: (i % 3) as 0 | 1 | 2,
    statusMessage: i % 3 === 2 ? 'broken' : '',
    attributes: {
      ...values,
      'saga.id': `saga-${i % 3}`,
      'saga.name': 'buy',
      'saga.step.name': 'pay',
      'saga.step.index': i,
      'saga.step.kind': 'action',
      'saga.step.outcome': 'succeeded',
      'breaker.name': 'bank',
      'breaker.state': 'open',
      'http.request.method': 'GET',
      'server.address': 'peer.example',
      'correlation.id': `c-${i}`,
    },
    events: [{ timeNano: now, name: 'saga.started', attributes: { 'saga.id': 'saga-1', 'saga.name': 'buy' } }],
    links: [{ ...ids(i + 2), attributes: { why: 'retry' } }],
  }));
  const logs = Array.from({ length: 30 }, (_, i) => ({
    ...ids(i + 1),
    timeNano: now + BigInt(i),
    severity: i % 25,
    severityText: 'INFO',
    body: i % 3 ? `line ${i} of the log` : { structured: i, inner: values },
    eventName: i % 7 ? '' : 'saga.completed',
    attributes: values,
  }));
  const point = (i: number) => ({ timeNano: now + BigInt(i), startNano: now, attributes: { ...values, i } });
  const metrics = [
    { name: 'beds', unit: '{bed}', gauge: [0, 1, 2].map((i) => ({ ...point(i), value: i * 1.5 })) },
    {
      name: 'requests',
      sum: {
        temporality: 2 as const,
        monotonic: true,
        points: [0, 1].map((i) => ({
          ...point(i),
          value: i,
          exemplars: [{ timeNano: now, value: 1, ...ids(3) }],
        })),
      },
    },
    {
      name: 'duration',
      unit: 's',
      histogram: {
        temporality: 1 as const,
        points: [{ ...point(0), counts: [1, 2, 3], bounds: [0.1, 1], sum: 3.3 }],
      },
    },
  ];
  const traces = encodeTraces(resource, spans);
  await writeFile(`${folder}traces-own-many.pb`, traces);
  await writeFile(`${folder}traces-own-one.pb`, encodeTraces(resource, spans.slice(0, 1)));
  await writeFile(`${folder}traces-own-many.pb.gz`, gzipSync(traces));
  await writeFile(`${folder}logs-own-many.pb`, encodeLogs(resource, logs));
  await writeFile(`${folder}logs-own-one.pb`, encodeLogs(resource, logs.slice(0, 1)));
  await writeFile(`${folder}metrics-own.pb`, encodeMetrics(resource, metrics));
}

/** Requests in JSON of every shape there is, exponential histograms and summaries among them. */
async function everyShape(): Promise<void> {
  for (const [signal, requests] of Object.entries({
    traces: tracesRequests,
    logs: logsRequests,
    metrics: metricsRequests,
  })) {
    const samples = fc.sample(requests, { seed: 7, numRuns: 200 }).map((request) => JSON.stringify(request));
    const telling = samples.filter((text) => text.length > 1500 && text.length < LARGEST).slice(0, 5);
    for (const [i, text] of telling.entries()) await writeFile(`${folder}${signal}-shapes-${i}.otlpjson`, text);
  }
}

await node('node', [], {});
await node('node-json', ['json'], { OTEL_METRICS_EXPORTER: 'none' });
await node('node-gzip', [], { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' });
await agent();
await python('python', {});
await python('python-gzip', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' });
await pinoLines();
await ownEncoder();
await everyShape();
server.close();
server.closeAllConnections();
