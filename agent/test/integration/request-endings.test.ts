import { connect as connectHttp2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReceivedSpan } from '../sink/otlp-decode.js';
import { type OtlpSink, startSink } from '../sink/otlp-sink.js';
import { type RunningApp, runApp } from '../sink/run-app.js';

const ERROR = 2;
let sink: OtlpSink;
let app: RunningApp;

beforeAll(async () => {
  sink = await startSink();
  app = runApp('endings.cjs', { collector: sink.url });
});

afterAll(async () => {
  await app.stop();
  await sink.close();
});

const head = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: endings\r\nuser-agent: ${path}\r\n\r\n`;

/** The one server span of the requests with this user agent. */
async function spanOf(agent: string): Promise<ReceivedSpan> {
  const isIt = ({ kind, attributes }: ReceivedSpan): boolean =>
    kind === 'server' && attributes['user_agent.original'] === agent;
  await sink.until(({ spans }) => spans.some(isIt), agent);
  return sink.spans.find(isIt) as ReceivedSpan;
}

/** Sends `text` and does `next` with the connection; resolves when it is closed. */
async function send(text: string, next: (socket: Socket) => void = () => undefined): Promise<void> {
  const socket = connect(await app.port, '127.0.0.1', () => socket.write(text, () => next(socket)));
  socket.on('error', () => undefined).resume();
  await new Promise((resolve) => socket.on('close', resolve));
}

it.each(['/response', '/error', '/socket', '/half', '/shut'])(
  'is an error of the service when the application cuts a connection (%s)',
  async (path) => {
    await send(head(path));
    expect(await spanOf(path)).toMatchObject({
      attributes: { 'error.type': 'server_closed_request' },
      status: { code: ERROR },
    });
  },
);

it.each([
  ['ends', (socket: Socket) => void socket.end()],
  ['resets', (socket: Socket) => void socket.resetAndDestroy()],
])('is the affair of the caller when it %s the connection', async (what, leave) => {
  const agent = `/caller-${what}`;
  await send(head(agent), (socket) => setTimeout(leave, 50, socket));
  const span = await spanOf(agent);
  expect(span.attributes['error.type']).toBe('client_closed_request');
  expect(span.status?.code ?? 0).not.toBe(ERROR);
});

it('is the affair of the caller when it leaves in the middle of an answer', async () => {
  await send(head('/half-waits'), (socket) => socket.once('data', () => socket.destroy()));
  expect(await spanOf('/half-waits')).toMatchObject({
    attributes: { 'error.type': 'client_closed_request', 'http.response.status_code': 200 },
  });
});

it('has a span for each of several requests on one connection, of which none is answered', async () => {
  const agents = ['/first', '/second', '/third'];
  await send(agents.map(head).join(''), (socket) => setTimeout(() => socket.destroy(), 100));
  const spans = await Promise.all(agents.map(spanOf));
  expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual(agents.map(() => 'client_closed_request'));
});

it('ends the span of a request that an adapter made when it is answered, without a connection', async () => {
  await send(head('/adapted'), (socket) => socket.once('data', () => socket.end()));
  const isIt = ({ attributes }: ReceivedSpan): boolean => attributes['url.path'] === '/event';
  await sink.until(({ spans }) => spans.some(isIt), 'the request of the adapter');
  const { attributes } = sink.spans.find(isIt) as ReceivedSpan;
  expect(attributes).toMatchObject({ 'http.response.status_code': 200, 'client.address': '10.0.0.9' });
  expect(attributes).not.toHaveProperty('error.type');
});

it('lets no error that cannot be looked at reach the application from a call that it fails', async () => {
  await send(head('/client-error'), (socket) => socket.once('data', () => socket.end()));
  await sink.until(({ spans }) => spans.some(({ kind }) => kind === 'client'), 'the span of the call');
  expect(app.output()).toEqual({ stdout: expect.not.stringContaining('uncaught') as string, stderr: '' });
});

it('tells of streams of HTTP/2 what can be told: the caller cancels, the application fails, or somebody resets', async () => {
  await app.port;
  const port = Number(/listening \d+ (\d+)/.exec(app.output().stdout)?.[1]);
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  for (const path of ['/cancelled', '/error', '/destroyed']) {
    const stream = session.request({ ':path': path, 'user-agent': `h2${path}` });
    stream.on('error', () => undefined).resume();
    if (path === '/cancelled') setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), 50);
  }
  const types = await Promise.all(
    ['h2/cancelled', 'h2/error', 'h2/destroyed'].map(async (agent) => (await spanOf(agent)).attributes['error.type']),
  );
  session.destroy();
  expect(types).toEqual(['client_closed_request', 'server_closed_request', 'request_aborted']);
});
