import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AggregateQuery,
  type AggregateResult,
  Alert,
  AlertWrite,
  API_BASE,
  CheckDefinition,
  CheckRun,
  type Problem,
  type Silence,
} from '@orrery/collector/api';
import type { z } from 'zod';

/** A span as OTLP/JSON carries it, attributes as an object. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  service: string;
  attributes: Record<string, unknown>;
}

/** What outlives a restart of the stand-in. */
export interface CollectorState {
  checks: Map<string, CheckDefinition>;
  runs: CheckRun[];
  alerts: Map<string, Alert>;
  /** Every state of every alert as it was stored, in order. */
  writes: Alert[];
  artifacts: Map<string, { type: string; bytes: Buffer }>;
  silences: Silence[];
  spans: ReceivedSpan[];
  /** Answers `POST /query`. */
  figure: (query: AggregateQuery) => AggregateResult['groups'];
  queries: AggregateQuery[];
}

export function newState(): CollectorState {
  return {
    checks: new Map(),
    runs: [],
    alerts: new Map(),
    writes: [],
    artifacts: new Map(),
    silences: [],
    spans: [],
    figure: () => [],
    queries: [],
  };
}

/**
 * Speaks the part of the collector's API that the runner uses, every body checked by the contract's own schemas, and
 * takes OTLP/JSON traces on the same port. It can be stopped and started again over the same state.
 */
export class CollectorStandIn {
  readonly state: CollectorState;
  #server: Server | undefined;
  #port: number;

  constructor(state: CollectorState = newState(), port = 0) {
    this.state = state;
    this.#port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => void this.#handle(request, response));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await read(request);
    const url = new URL(request.url ?? '/', this.url);
    try {
      if (url.pathname === '/v1/traces') {
        this.state.spans.push(...spansOf(JSON.parse(bytes.toString())));
        return json(response, 200, {});
      }
      if (!url.pathname.startsWith(API_BASE)) return problem(response, 404, 'not_found', url.pathname);
      const [what = '', id = '', more = ''] = url.pathname
        .slice(API_BASE.length + 1)
        .split('/')
        .map(decodeURIComponent);
      this.#route(`${request.method} ${what}${id ? '/:' : ''}${more ? `/${more}` : ''}`, id, bytes, request, response);
    } catch (error) {
      problem(response, 400, 'invalid', (error as Error).message);
    }
  }

  #route(route: string, id: string, bytes: Buffer, request: IncomingMessage, response: ServerResponse): void {
    const { state } = this;
    const body = <T>(schema: z.ZodType<T>): T => schema.parse(JSON.parse(bytes.toString()));
    switch (route) {
      case 'GET checks':
        return json(response, 200, {
          checks: [...state.checks.values()].map((definition) => ({
            definition,
            verdict: null,
            since: null,
            last_run: null,
            history: [],
          })),
          runner_last_seen: null,
        });
      case 'PUT checks/:':
        state.checks.set(id, body(CheckDefinition));
        return json(response, 200, {});
      case 'DELETE checks/:':
        state.checks.delete(id);
        return void response.writeHead(204).end();
      case 'POST checks/:/runs':
        if (!state.checks.has(id)) return problem(response, 404, 'not_found', id);
        state.runs.push(body(CheckRun));
        return void response.writeHead(204).end();
      case 'POST artifacts': {
        const name = `artifact-${state.artifacts.size + 1}`;
        state.artifacts.set(name, { type: request.headers['content-type'] ?? '', bytes });
        return json(response, 201, { id: name });
      }
      case 'POST query': {
        const query = body(AggregateQuery);
        state.queries.push(query);
        const range = { from_ms: Number(query.from), to_ms: Number(query.to) };
        return json(response, 200, {
          truncated: false,
          sampled: false,
          range,
          t0_ms: range.from_ms,
          step_ms: 0,
          groups: state.figure(query),
        });
      }
      case 'GET breakers':
        return json(response, 200, {
          truncated: false,
          sampled: false,
          range: { from_ms: 0, to_ms: 1 },
          breakers: [],
          transitions: [],
        });
      case 'GET silences':
        return json(response, 200, { silences: state.silences });
      case 'GET alerts':
        return json(response, 200, { alerts: [...state.alerts.values()] });
      case 'GET alerts/:': {
        const alert = state.alerts.get(id);
        return alert ? json(response, 200, { alert, history: [] }) : problem(response, 404, 'not_found', id);
      }
      case 'PUT alerts/:': {
        const wanted = body(AlertWrite);
        if ((state.alerts.get(id)?.version ?? 0) !== wanted.version)
          return problem(response, 409, 'alert_conflict', id);
        return json(response, 200, this.write({ ...wanted, version: wanted.version + 1 }));
      }
      default:
        return problem(response, 404, 'not_found', route);
    }
  }

  /** Stores an alert as if somebody had written it. */
  write(alert: Alert): Alert {
    const stored = Alert.parse(alert);
    this.state.alerts.set(stored.id, stored);
    this.state.writes.push(stored);
    return stored;
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  const body: Problem = { type: 'about:blank', title: code, status, code, detail };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}

interface OtlpAttribute {
  key: string;
  value: Record<string, unknown>;
}

function spansOf(body: {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] };
    scopeSpans: {
      spans: { traceId: string; spanId: string; parentSpanId?: string; name: string; attributes: OtlpAttribute[] }[];
    }[];
  }[];
}): ReceivedSpan[] {
  const plain = (attributes: OtlpAttribute[]) =>
    Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
  return body.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        service: String(plain(resource.attributes)['service.name']),
        attributes: plain(span.attributes),
      })),
    ),
  );
}
