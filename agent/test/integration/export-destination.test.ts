import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
