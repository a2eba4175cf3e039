import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { runApp } from '../sink/run-app.js';

const pem = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));

let sink: OtlpSink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

it('shows its certificate to a collector behind TLS and believes the authority it was given', async () => {
  const peers: string[] = [];
  const server = createServer(
    {
      key: readFileSync(pem('server.key')),
      cert: readFileSync(pem('server.crt')),
      ca: readFileSync(pem('authority.crt')),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      const name = (request.socket as TLSSocket).getPeerCertificate().subject.CN;
      peers.push(`${request.url} ${Array.isArray(name) ? name.join() : name}`);
      request.resume().on('end', () => response.end());
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collector = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const files = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: pem('authority.crt'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: pem('client.key'),
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: pem('client.crt'),
  };
  const app = runApp('ends.cjs', { collector, env: files, programArguments: ['natural'] });
  await app.ended;
  const known = peers.length;
  const stranger = runApp('ends.cjs', { collector, programArguments: ['natural'] });
  await stranger.ended;
  server.closeAllConnections();
  server.close();

  expect(app.output().stderr).toBe('');
  expect(peers).toContain('/v1/traces client');
  // Without the authority it does not believe the collector, and sends it nothing.
  expect(peers).toHaveLength(known);
});

const OTHERS = { traces: ['logs', 'metrics'], logs: ['traces', 'metrics'], metrics: ['traces', 'logs'] } as const;

it.each(['traces', 'logs', 'metrics'] as const)(
  'sends %s where, how, with what and for how long as is said of them alone, the others as of all',
  async (signal) => {
    const seen: { url: string | undefined; peer: string; headers: IncomingHttpHeaders }[] = [];
    const server = createServer(
      {
        key: readFileSync(pem('server.key')),
        cert: readFileSync(pem('server.crt')),
        ca: readFileSync(pem('authority.crt')),
        requestCert: true,
        rejectUnauthorized: true,
      },
      ({ url, headers, socket }, response) => {
        const peer = String((socket as TLSSocket).getPeerCertificate().subject.CN);
        seen.push({ url, peer, headers });
        // The first is never answered: only the limit of this signal ends it.
        if (seen.length > 1) response.end();
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const own = (option: string): string => `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${option}`;
    const app = runApp('plain.cjs', {
      collector: sink.url,
      env: {
        OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-all=yes',
        OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem',
        OTEL_METRIC_EXPORT_INTERVAL: '100',
        [own('ENDPOINT')]: `https://127.0.0.1:${(server.address() as AddressInfo).port}/own/path`,
        [own('CERTIFICATE')]: pem('authority.crt'),
        [own('CLIENT_KEY')]: pem('client.key'),
        [own('CLIENT_CERTIFICATE')]: pem('client.crt'),
        [own('HEADERS')]: 'x-own=yes',
        [own('COMPRESSION')]: 'none',
        [own('TIMEOUT')]: '150',
      },
    });
    await (await fetch(`http://127.0.0.1:${await app.port}/`)).text();
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(1), { timeout: 15_000 });
    await sink.until(({ requests }) =>
      OTHERS[signal].every((other) => requests.some(({ path }) => path === `/v1/${other}`)),
    );
    await app.stop();
    server.closeAllConnections();
    server.close();

    for (const { url, peer, headers } of seen) {
      expect({ url, peer }).toEqual({ url: '/own/path', peer: 'client' });
      expect(headers).toMatchObject({ 'x-all': 'yes', 'x-own': 'yes' });
      expect(headers).not.toHaveProperty('content-encoding');
    }
    expect(sink.requests.map(({ path }) => path)).not.toContain(`/v1/${signal}`);
    for (const { headers } of sink.requests) {
      expect(headers).toMatchObject({ 'x-all': 'yes', 'content-encoding': 'gzip' });
      expect(headers).not.toHaveProperty('x-own');
    }
    // It says that there was no answer, and nothing of certificates that nobody is shown.
    expect(app.output().stderr.trim().split('\n')).toEqual([expect.stringMatching(/^orrery: no collector at https:/)]);
  },
);

it('says what is wrong with a header or a certificate that cannot be used, and goes on', async () => {
  const garbage = fileURLToPath(import.meta.url);
  const faults = {
    'Header name must be a valid HTTP token': { OTEL_EXPORTER_OTLP_HEADERS: 'no token=x' },
    'Invalid character in header content': { OTEL_EXPORTER_OTLP_HEADERS: 'x-all=a%0Ab' },
    'PEM routines': {
      OTEL_EXPORTER_OTLP_CLIENT_KEY: garbage,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: garbage,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://127.0.0.1:9',
    },
  };
  await Promise.all(
    Object.entries(faults).map(async ([words, env]) => {
      const app = runApp('plain.cjs', { collector: sink.url, env: { ...env, OTEL_METRICS_EXPORTER: 'none' } });
      await (await fetch(`http://127.0.0.1:${await app.port}/`)).text();
      await vi.waitFor(() => expect(app.output().stderr).toContain('orrery: cannot send traces'), { timeout: 15_000 });
      await app.stop();
      expect(app.output().stderr).toContain(words);
      expect(app.output().stderr).not.toContain('worker failed');
    }),
  );
});

it('takes endpoint, headers and compression of a signal before those of all', async () => {
  const app = runApp('ends.cjs', {
    collector: 'http://127.0.0.1:9',
    env: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${sink.url}/mine`,
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-signal=traces',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-all=yes',
      OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'none',
      OTEL_METRICS_EXPORTER: 'none',
    },
    programArguments: ['natural'],
  });
  await app.ended;
  expect(sink.requests[0]).toMatchObject({ path: '/mine', headers: { 'x-signal': 'traces', 'x-all': 'yes' } });
  expect(sink.requests[0]?.headers).not.toHaveProperty('content-encoding');
});

it('never writes the credentials of an endpoint to a terminal', async () => {
  const app = runApp('ends.cjs', {
    collector: 'http://me:secret@127.0.0.1:9/base?token=secret',
    env: { ORRERY_STARTUP_LINE: 'true' },
    programArguments: ['natural'],
  });
  await app.ended;
  expect(app.output().stderr).toContain('127.0.0.1:9');
  expect(app.output().stderr).not.toContain('secret');
});

it('names a certificate that cannot be read and goes on', async () => {
  const app = runApp('ends.cjs', {
    collector: 'https://127.0.0.1:9',
    env: { OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem' },
    programArguments: ['natural'],
  });
  expect(await app.ended).toEqual({ code: 0, signal: null });
});
