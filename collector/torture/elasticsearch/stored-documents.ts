import type { Client, estypes } from '@elastic/elasticsearch';
import { edgeOf, redOf, traceOf } from '../../src/store/elasticsearch/delta-documents.js';
import { breakerOf, sagaOf } from '../../src/store/elasticsearch/fact-documents.js';
import type { IndexKind, IndexNames } from '../../src/store/elasticsearch/indices.js';
import { attributesOf } from '../../src/store/elasticsearch/read/attributes.js';
import type { Stored, Tally } from '../kills/stored.js';
import { ID_SPACE } from '../kills/telemetry.js';

type Source = Record<string, unknown>;

const PAGE = 5000;

/** What the indices hold, told as `readStored` tells it of DuckDB's files. */
export async function readStoredDocuments(client: Client, names: IndexNames): Promise<Stored> {
  await client.indices.refresh({ index: names.everything });
  const all: All = (kind) => documents(client, names.alias(kind));
  const requests = new Requests();
  const rows: Tally = new Map();
  const row = (what: string, source: Source, more: string) =>
    count(rows, [what, source['service'], source['instance'], more].join(' '), { rows: 1 });
  for await (const source of all('spans')) {
    const id = BigInt(`0x${source['span_id'] as string}`) - 1n;
    requests.add(Number(id / BigInt(ID_SPACE)), String(id));
    row('span', source, Object.keys(attributesOf(source['attributes'])).join(','));
  }
  for await (const source of all('logs')) {
    const body = source['body'] as string;
    requests.add(Number(body.split(' ')[1]), body);
    row('line', source, Object.keys(attributesOf(source['attributes'])).join(','));
  }
  for await (const source of all('metrics')) {
    const { value } = JSON.parse(source['point'] as string) as { value: number };
    requests.add(Math.floor(value / ID_SPACE), String(value));
    row('point', source, `${String(source['name'])} ${Object.values(attributesOf(source['attributes'])).join(',')}`);
  }
  const faults: string[] = [];
  for await (const dead of all('dead-letters')) faults.push(`a document was refused: ${String(dead['reason'])}`);
  const slices = Object.keys(await client.indices.get({ index: names.pattern('spans'), features: ['aliases'] })).length;
  const projections = {
    red: await red(all),
    edges: await edges(all),
    traces: await traces(all),
    sagas: await sagas(all),
    breakers: await breakers(all),
    'rows by sender': rows,
  };
  return { requests: requests.found, projections, faults, slices };
}

type All = (kind: IndexKind) => AsyncGenerator<Source>;

/** Page by page: there may be millions. */
async function* documents(client: Client, index: string): AsyncGenerator<Source> {
  if (!(await client.indices.existsAlias({ name: index })) && !(await client.indices.exists({ index }))) return;
  const { id } = await client.openPointInTime({ index, keep_alive: '5m' });
  const pit = { id, keep_alive: '5m' };
  let after: estypes.SortResults | undefined;
  for (;;) {
    const { hits } = await client.search<Source>({
      pit,
      size: PAGE,
      sort: [{ _shard_doc: 'asc' }],
      track_total_hits: false,
      ...(after ? { search_after: after } : {}),
    });
    for (const { _source } of hits.hits) if (_source) yield _source;
    after = hits.hits.at(-1)?.sort;
    if (hits.hits.length < PAGE || !after) break;
  }
  await client.closePointInTime({ id });
}

async function red(all: All): Promise<Tally> {
  const tally: Tally = new Map();
  for await (const source of all('red')) {
    const delta = redOf(source);
    const key = [delta.service, delta.instance, delta.kind, delta.operation, delta.minuteMs].join(' ');
    count(tally, key, { requests: delta.count, errors: delta.errors, durations: total(delta.durations) });
  }
  return tally;
}

async function edges(all: All): Promise<Tally> {
  const tally: Tally = new Map();
  for await (const source of all('edges')) {
    const delta = edgeOf(source);
    const key = [delta.source, delta.target, delta.kind, delta.side, delta.minuteMs].join(' ');
    count(tally, key, { calls: delta.count, errors: delta.errors, durations: total(delta.durations) });
  }
  return tally;
}

async function traces(all: All): Promise<Tally> {
  const tally: Tally = new Map();
  for await (const source of all('traces')) {
    const delta = traceOf(source);
    count(tally, BigInt(`0x${delta.traceId}`).toString(), { spans: delta.spans, errors: delta.errors });
  }
  return tally;
}

async function sagas(all: All): Promise<Tally> {
  const tally: Tally = new Map();
  for await (const source of all('saga-facts')) {
    const fact = sagaOf(source);
    count(tally, [fact.sagaId, fact.event, fact.spanId, fact.timeNano].join(' '), { facts: 1 });
  }
  return tally;
}

async function breakers(all: All): Promise<Tally> {
  const tally: Tally = new Map();
  for await (const source of all('breaker-facts')) {
    const fact = breakerOf(source);
    count(tally, [fact.service, fact.name, fact.instance, fact.kind, fact.timeNano].join(' '), { facts: 1 });
  }
  return tally;
}

/** By request: items found, and how many of them are different ones. */
class Requests {
  readonly found: Stored['requests'] = new Map();
  readonly #seen = new Set<string>();

  add(n: number, item: string): void {
    const request = this.found.get(n) ?? { items: 0, distinct: 0 };
    this.found.set(n, request);
    request.items += 1;
    if (this.#seen.has(item)) return;
    this.#seen.add(item);
    request.distinct += 1;
  }
}

function count(tally: Tally, key: string, figures: Record<string, number>): void {
  for (const [name, figure] of Object.entries(figures)) {
    if (figure > 0) tally.set(`${key} ${name}`, (tally.get(`${key} ${name}`) ?? 0) + figure);
  }
}

function total(buckets: ReadonlyMap<number, number>): number {
  return [...buckets.values()].reduce((sum, hits) => sum + hits, 0);
}
