import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../fuzz/random.js';

/** What may happen between a collector and its cluster, besides nothing. */
export const NETWORK_FAULTS = ['429', '503', 'slow', 'cut answer', 'swallowed answer', 'documents 429'] as const;
export type NetworkFault = (typeof NETWORK_FAULTS)[number];

const BULK = /\/_bulk(?:\?|$)/;
/** Of a request for one index, whose documents do not name it. */
const ITEMS_BULK = /-(?:spans|logs|metrics)-[^/]+\/_bulk/;
/** In the action line of a span, a log line or a metric point. */
const ITEM_ID = /^(\{"create":\{"_index":"[^"]+-(?:spans|logs|metrics)-[^"]+","_id":")/gm;
const UNNAMED_ID = /^(\{"create":\{"_id":")/gm;
const SLOWEST_MS = 1500;
/** While a fault is on, so many of the requests meet it. */
const MEETS = 0.6;

/**
 * A real HTTP proxy in front of a real server, that does harm when told to: a fault that is set meets a request with items
 * first, and then any. `mutateIds` makes it a mutant's: every bulk
 * request gets other ids, so that the cluster cannot recognise what comes again.
 */
export class FaultyProxy {
  mutateIds = false;
  /** Requests that met each fault. */
  readonly met = new Map<NetworkFault, number>();
  #fault: NetworkFault | null = null;
  #hasMetItems = false;
  readonly #target: () => URL;
  readonly #random: Random;
  readonly #meets: number;
  readonly #server: Server;

  /** @param meets part of the requests that meet a fault while it is on */
  constructor(target: () => string, random: Random, meets = MEETS) {
    this.#target = () => new URL(target());
    this.#random = random;
    this.#meets = meets;
    this.#server = createServer((incoming, outgoing) => {
      void this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  get fault(): NetworkFault | null {
    return this.#fault;
  }

  set fault(fault: NetworkFault | null) {
    this.#fault = fault;
    this.#hasMetItems = false;
  }

  /** Whether the fault that is set has met spans, log lines or metric points on their way. */
  get hasMetItems(): boolean {
    return this.#hasMetItems;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const isBulk = BULK.test(incoming.url ?? '');
    const hasItems = ITEMS_BULK.test(incoming.url ?? '');
    const meets = this.#hasMetItems ? this.#random.chance(this.#meets) : hasItems;
    const fault = meets ? this.#fault : null;
    if (fault !== null) {
      this.met.set(fault, (this.met.get(fault) ?? 0) + 1);
      this.#hasMetItems = true;
    }
    if (fault === '429' || fault === '503') {
      outgoing.writeHead(Number(fault), { ...ELASTIC, 'retry-after': '1' }).end('{}');
      return;
    }
    if (fault === 'slow') await wait(this.#random.int(SLOWEST_MS));
    const sent = isBulk && this.mutateIds ? this.#otherIds(body, incoming.url ?? '') : body;
    const answer = await this.#forward(incoming, sent);
    const {
      'content-length': _length,
      'transfer-encoding': _encoding,
      connection: _connection,
      ...headers
    } = answer.headers;
    if (fault === 'swallowed answer') {
      outgoing.destroy();
    } else if (fault === 'cut answer') {
      outgoing.writeHead(answer.status, { ...headers, 'content-length': String(answer.body.length) });
      outgoing.write(answer.body.subarray(0, answer.body.length >> 1), () => outgoing.destroy());
    } else {
      const told = fault === 'documents 429' && isBulk ? someRefused(answer.body) : answer.body;
      outgoing.writeHead(answer.status, headers).end(told);
    }
  }

  #forward(incoming: IncomingMessage, body: Buffer) {
    const { hostname, port } = this.#target();
    return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>((resolve, reject) => {
      const { host: _host, connection: _connection, ...headers } = incoming.headers;
      const options = { hostname, port, method: incoming.method, path: incoming.url, agent: false as const };
      const outgoing = request(
        { ...options, headers: { ...headers, 'content-length': String(body.length) } },
        (answer) => {
          bytesOf(answer).then((bytes) => {
            resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: bytes });
          }, reject);
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  #otherIds(body: Buffer, url: string): Buffer {
    const other = this.#random.int(1e9).toString(36);
    const named = body.toString('latin1').replaceAll(ITEM_ID, `$1${other}`);
    return Buffer.from(ITEMS_BULK.test(url) ? named.replaceAll(UNNAMED_ID, `$1${other}`) : named, 'latin1');
  }
}

const ELASTIC = {
  'x-elastic-product': 'Elasticsearch',
  'content-type': 'application/vnd.elasticsearch+json;compatible-with=8',
};

/** The cluster did all of it, and says of every third document that it did not. */
function someRefused(body: Buffer): Buffer {
  const answer = JSON.parse(body.toString()) as { errors?: boolean; items?: Record<string, object>[] };
  if (!answer.items) return body;
  const refused = { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'the queue is full' } };
  const items = answer.items.map((item, place) =>
    place % 3 === 0 ? { [Object.keys(item)[0] ?? 'create']: refused } : item,
  );
  return Buffer.from(JSON.stringify({ ...answer, errors: true, items }));
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
