import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { alertDetail, alerts, checkDetail, checkList } from './checks-and-alerts.ts';
import { deadLetter, deadLetterList } from './dead-letters.ts';
import { aggregate, fields, fieldValues, logHistogram, metricList, metricResult, search, status } from './explore.ts';
import { breakers, sagaDetail, sagaFunnel, sagaList } from './sagas-and-breakers.ts';
import { map, serviceDetail, serviceList } from './services.ts';
import { logList, logRow, span, trace, traceHistogram, traceList, traceLogs } from './traces.ts';
import { type Scenario, windowOf } from './world.ts';

export interface FixtureServer {
  url: string;
  scenario: Scenario;
  close(): Promise<void>;
}

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'";
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==',
  'base64',
);

/** Answers like the collector, with made-up data, and serves the built pages under the collector's policy. A test fixture. */
export async function startFixtureServer(
  scenario: Scenario,
  options: { port?: number; pages?: string } = {},
): Promise<FixtureServer> {
  const state: FixtureServer = { url: '', scenario, close: async () => undefined };
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    void handle(state, request, response, open, options.pages).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.close = () =>
    new Promise((resolve) => {
      for (const response of open) response.end();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return state;
}

async function handle(
  state: FixtureServer,
  request: IncomingMessage,
  response: ServerResponse,
  open: Set<ServerResponse>,
  pages?: string,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://x');
  if (!url.pathname.startsWith('/api/orrery/v1')) return file(url.pathname, response, pages);
  const { scenario } = state;
  if (scenario === 'slow') await new Promise((resolve) => setTimeout(resolve, 1_500));
  const path = url.pathname.slice('/api/orrery/v1'.length);
  if (scenario === 'error')
    return problem(response, 503, 'store_unavailable', 'The store does not answer. It is started again in a moment.');
  if (path === '/logs/tail') return tail(state, response, open);
  if (path.startsWith('/artifacts/')) return void response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
  const body = request.method === 'POST' ? await bodyOf(request) : {};
  const answer = answerOf(scenario, path, url.searchParams, body);
  if (answer === null) return problem(response, 404, 'not_found', 'Nothing is known of it.');
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

function answerOf(scenario: Scenario, path: string, query: URLSearchParams, body: Record<string, unknown>): unknown {
  const now = Date.now();
  const window = windowOf(query, now);
  const [first = '', second, third, fourth] = path.slice(1).split('/').map(decodeURIComponent);
  const bodyWindow = () =>
    windowOf(new URLSearchParams({ from: String(body.from ?? ''), to: String(body.to ?? '') }), now);
  switch (first) {
    case 'services':
      return second === undefined ? serviceList(scenario, window) : serviceDetail(scenario, second, window);
    case 'map':
      return map(scenario, window);
    case 'traces':
      if (second === undefined) return traceList(scenario, query, window);
      if (second === 'histogram') return traceHistogram(scenario, window);
      if (third === 'spans') return span(scenario, second, fourth ?? '');
      return third === 'logs' ? traceLogs(scenario, second) : trace(scenario, second);
    case 'logs':
      return second === 'histogram' ? logHistogram(scenario, window) : logList(scenario, query, window);
    case 'query':
      return aggregate(scenario, body as never, bodyWindow());
    case 'fields':
      return second === 'values' ? fieldValues(scenario, query) : fields();
    case 'metrics':
      return second === 'query' ? metricResult(scenario, body as never, bodyWindow()) : metricList(scenario, query);
    case 'sagas':
      return second === undefined
        ? sagaList(scenario, query, window)
        : second === 'funnel'
          ? sagaFunnel(query, window)
          : sagaDetail(scenario, second, now);
    case 'breakers':
      return breakers(scenario, window);
    case 'checks':
      return second === undefined ? checkList(scenario, now) : checkDetail(scenario, second, now);
    case 'alerts':
      return second === undefined
        ? { alerts: alerts(scenario, now) }
        : third
          ? (alertDetail(scenario, second, now)?.alert ?? null)
          : alertDetail(scenario, second, now);
    case 'silences':
      return { silences: [] };
    case 'dead-letters':
      if (second === undefined) return deadLetterList(scenario, query, now);
      if (second === 'replay' || second === 'drop') return { stored: 3, refused: 0, dropped: 0, next_cursor: null };
      return third === 'replay'
        ? { outcome: 'refused', sentence: 'It still can not be read.' }
        : deadLetter(scenario, second, now);
    case 'search':
      return search(scenario, query.get('q') ?? '');
    case 'status':
      return status(scenario, now);
    default:
      return null;
  }
}

function tail(state: FixtureServer, response: ServerResponse, open: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  open.add(response);
  let index = 0;
  const timer = setInterval(() => {
    if (state.scenario !== 'empty')
      response.write(`event: log\ndata: ${JSON.stringify(logRow(state.scenario, Date.now(), index))}\n\n`);
    index += 1;
  }, 200);
  response.on('close', () => {
    clearInterval(timer);
    open.delete(response);
  });
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const part of request) text += String(part);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

function problem(response: ServerResponse, code: number, name: string, detail: string): void {
  response
    .writeHead(code, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', title: name, status: code, code: name, detail }));
}

function file(pathname: string, response: ServerResponse, pages?: string): void {
  if (!pages) return void response.writeHead(404).end();
  const wanted = join(pages, normalize(pathname));
  const found = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(pages, 'index.html');
  response.writeHead(200, {
    'content-type': types[extname(found)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  });
  createReadStream(found).pipe(response);
}
