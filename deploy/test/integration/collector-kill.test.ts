import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installElasticsearch, type RunningElasticsearch, startElasticsearch } from '../../bootstrap/elasticsearch.mjs';
import { sendUntilAcknowledged, type TraceRequest, traceRequests } from './otlp-requests.js';
import { type RunningCollector, startCollector } from './running-collector.js';
import { eventually } from './running-shop.js';

const TRACES_PER_REQUEST = 20;
const SENDERS = 4;
const noElasticsearch = await installElasticsearch().then(
  () => '',
  (error: Error) => error.message,
);

describe.each([
  { store: 'duckdb', requests: 120, cannot: '' },
  { store: 'elasticsearch', requests: 60, cannot: noElasticsearch },
])('what was acknowledged, on $store', ({ store, requests, cannot }) => {
  let folder: string;
  let elasticsearch: RunningElasticsearch | undefined;
  let collector: RunningCollector;
  let args: string[];

  const dataDir = () => join(folder, 'data');

  beforeAll(async () => {
    if (cannot) return;
    folder = await mkdtemp(join(tmpdir(), 'orrery-kill-'));
    args = ['--store', store];
    if (store === 'elasticsearch') {
      elasticsearch = await startElasticsearch({ dataDir: join(folder, 'elasticsearch') });
      args.push('--elasticsearch-url', elasticsearch.url);
    }
    collector = await startCollector(args, { dataDir: dataDir() });
  }, 180_000);

  afterAll(async () => {
    await collector?.stop();
    await elasticsearch?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** Kills one of the program's processes, and resolves when another has taken its place. */
  async function killRole(role: string): Promise<void> {
    const find = async () => (await rolesOf(collector.process.pid)).get(role);
    const pid = await eventually(find, (found) => found !== undefined);
    process.kill(pid ?? 0, 'SIGKILL');
    await eventually(find, (other) => other !== undefined && other !== pid);
  }

  async function killProgram(): Promise<void> {
    await collector.kill();
    collector = await startCollector(args, { dataDir: dataDir(), basePort: collector.basePort });
  }

  /** Sends everything, and does to the collector what is asked for in between. */
  async function load(all: TraceRequest[], troubles: (() => Promise<void>)[]): Promise<void> {
    const { otlp } = collector;
    const queue = [...all];
    let done = 0;
    const senders = Array.from({ length: SENDERS }, async () => {
      for (let request = queue.shift(); request; request = queue.shift()) {
        await sendUntilAcknowledged(otlp, request);
        done++;
      }
    });
    const between = all.length / (troubles.length + 1);
    const trouble = async () => {
      for (const [index, happen] of troubles.entries()) {
        await eventually(
          async () => done,
          (count) => count >= between * (index + 1),
        );
        await happen();
      }
    };
    await Promise.all([...senders, trouble()]);
  }

  async function listTraces(): Promise<{ trace_id: string; spans: number }[]> {
    const found = [];
    let cursor: string | null = '';
    do {
      const more: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const page: { traces: { trace_id: string; spans: number }[]; next_cursor: string | null } = await collector.get(
        `/traces?q=service:desk&limit=500${more}`,
      );
      found.push(...page.traces);
      cursor = page.next_cursor;
    } while (cursor);
    return found;
  }

  /** Every trace that was sent is there once with both its spans, in rows and in figures. */
  async function expectEachOnce(all: TraceRequest[]): Promise<void> {
    const sent = all.flatMap(({ traceIds }) => traceIds);
    const count = async (service: string) => {
      const query = { signal: 'spans', q: `service:${service}`, measures: [{ op: 'count' }] };
      return (await collector.post<{ groups: { values: number[] }[] }>('/query', query)).groups[0]?.values[0] ?? 0;
    };
    // Queries answer 503 while the store comes back.
    await eventually(
      () => count('shelf').catch(() => 0),
      (spans) => spans >= sent.length,
    );
    expect(await count('shelf')).toBe(sent.length);
    expect(await count('desk')).toBe(sent.length);
    const found = await eventually(listTraces, (list) => list.length >= sent.length);
    expect(found.filter(({ spans }) => spans !== 2)).toEqual([]);
    const ids = found.map(({ trace_id }) => trace_id);
    expect(ids).toHaveLength(sent.length);
    expect(new Set(ids)).toEqual(new Set(sent));
    // Elasticsearch shows figures in their own time.
    const requestsOf = async (name: string) => {
      const { services } = await collector.get<{ services: { service: string; requests: number }[] }>('/services');
      return services.find(({ service }) => service === name)?.requests ?? 0;
    };
    for (const name of ['desk', 'shelf']) {
      const isAll = (figure: number) => figure >= sent.length;
      expect(await eventually(() => requestsOf(name), isAll)).toBe(sent.length);
    }
  }

  test.skipIf(cannot)(
    'is there once, whichever process is killed under load, and the whole program too',
    async () => {
      const all = traceRequests(requests, TRACES_PER_REQUEST);
      const kill = (role: string) => () => killRole(role);
      const troubles =
        store === 'duckdb'
          ? [kill('store'), kill('ingest'), kill('api'), killProgram, kill('store')]
          : [kill('store'), takeElasticsearchDown];
      await load(all, troubles);
      await expectEachOnce(all);
    },
    180_000,
  );

  async function takeElasticsearchDown(): Promise<void> {
    if (!elasticsearch) return;
    const port = Number(new URL(elasticsearch.url).port);
    const isReady = async () => (await fetch(`${collector.ui}/readyz`)).status;
    await eventually(isReady, (status) => status === 200);
    await elasticsearch.stop();
    const readiness = await eventually(
      async () => {
        const response = await fetch(`${collector.ui}/readyz`);
        return { status: response.status, text: await response.text() };
      },
      ({ status }) => status === 503,
    );
    const { components } = JSON.parse(readiness.text) as {
      components: { name: string; ok: boolean; sentence: string }[];
    };
    expect(components.find(({ name }) => name === 'ingest')).toMatchObject({ ok: true });
    const said = components.filter(({ ok }) => !ok).map(({ sentence }) => sentence);
    expect(said.join(' ')).toMatch(/Elasticsearch/);
    console.log(`without Elasticsearch /readyz says: ${said.join(' ')}`);
    elasticsearch = await startElasticsearch({ dataDir: join(folder, 'elasticsearch'), port });
    await eventually(isReady, (status) => status === 200);
  }
});

/** The processes of a running program, by what they are told to be. */
async function rolesOf(parent: number | undefined): Promise<Map<string, number>> {
  const roles = new Map<string, number>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const [stat, command] = await Promise.all([read('stat'), read('cmdline')]);
    // The second field is the name in brackets and may hold anything; the parent is the second one after it.
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== parent) continue;
    const role = command.split('\0').find((word) => ['ingest', 'store', 'api'].includes(word));
    if (role) roles.set(role, Number(pid));
  }
  return roles;
}
