import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../bootstrap/chromium.mjs';
import { installElasticsearch } from '../../bootstrap/elasticsearch.mjs';
import { eventually } from './running-shop.js';
import { openWatchedShop, type WatchedShop } from './watched-shop.js';

interface TraceSummary {
  trace_id: string;
  root_service: string;
  services: { service: string }[];
  complete: boolean;
  synthetic_check: string;
}
interface Trace {
  summary: TraceSummary;
  services: string[];
  columns: { span_id: string[]; parent: number[]; kind: string[]; service: number[] };
  orphans: number;
}
interface Saga {
  saga_id: string;
  saga_name: string;
  state: string;
  stuck: boolean;
  correlation_id: string;
  synthetic: boolean;
  failure_kind: string | null;
  not_undone: string[];
}
interface Breaker {
  service: string;
  state: string;
}
interface Check {
  definition: { name: string };
  verdict: string | null;
  last_run: { trace_id: string; sentence: string } | null;
}

const everybody = ['bank', 'gateway', 'inventory', 'loyalty', 'mail', 'orders', 'payments', 'shipping'];
/** Messages that an order sends, from the service that produces to the one that consumes. */
const hops = ['shipping > orders', 'orders > loyalty', 'loyalty > mail'];
const stuckOrders = 'orders-not-stuck';
const noChromium = findChromium() ? '' : 'there is no Chromium: node deploy/bootstrap/chromium.mjs says how to get one';
const noElasticsearch = await installElasticsearch().then(
  () => '',
  (error: Error) => error.message,
);

function hopsOf({ columns, services }: Trace): string[] {
  return columns.kind.flatMap((kind, row) => {
    const parent = columns.parent[row] ?? -1;
    if (kind !== 'consumer' || columns.kind[parent] !== 'producer') return [];
    return [`${services[columns.service[parent] ?? -1]} > ${services[columns.service[row] ?? -1]}`];
  });
}

async function post(url: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as { orderId: string } };
}

describe.each([
  { store: 'duckdb', cannot: '' },
  { store: 'elasticsearch', cannot: noElasticsearch },
] as const)('the watched shop on $store', ({ store, cannot }) => {
  let watched: WatchedShop;
  let lost: string;
  /** Requests that the tests have made at the shop's door. */
  let requests = 0;

  const order = (correlationId: string) => {
    requests++;
    const body = { customer: 'anna', sku: 'moon-globe', quantity: 1, card: '4000-1234' };
    return post(`${watched.shop.url}/orders`, body, { 'x-correlation-id': correlationId });
  };
  const get = <Answer>(path: string): Promise<Answer> => watched.collector.get<Answer>(path);
  const sagas = async (more = ''): Promise<Saga[]> =>
    (await get<{ sagas: Saga[] }>(`/sagas?name=order-fulfilment&limit=500${more}`)).sagas;
  const traces = async (q: string): Promise<TraceSummary[]> =>
    (await get<{ traces: TraceSummary[] }>(`/traces?q=${encodeURIComponent(q)}`)).traces;
  const breakers = async (): Promise<Breaker[]> => (await get<{ breakers: Breaker[] }>('/breakers')).breakers;

  /** The breakers on the map's edge from payments to the bank. */
  async function guarding(): Promise<{ state: string }[]> {
    const { edges } = await get<{ edges: { source: string; target: string; breakers: { state: string }[] }[] }>('/map');
    return (
      edges.find(({ source, target }) => source === 'service:payments' && target === 'service:bank')?.breakers ?? []
    );
  }

  beforeAll(async () => {
    if (cannot) return;
    watched = await openWatchedShop(store);
    await post(`${watched.shop.control}/weather`, { kind: 'lost-parcels', seconds: 300 });
    lost = `fulfil-${(await order('lost')).body.orderId}`;
    await post(`${watched.shop.control}/clear`, {});
  }, 180_000);

  afterAll(() => watched?.stop());

  test.skipIf(cannot)(
    'finds an order by its correlation id: one complete trace through all services, with their logs',
    async () => {
      const { status, body } = await order('r7-1');
      const ended = Date.now();
      expect(status).toBe(201);
      await eventually(
        () => traces(`order.id:${body.orderId} service:orders`),
        (found) => found.length > 0,
      );
      console.log(
        `a span of an order could be asked for on ${store} ${Date.now() - ended} ms after the order was answered`,
      );

      const { hits } = await get<{ hits: { kind: string; href: string }[] }>('/search?q=r7-1');
      expect(hits.map(({ kind }) => kind)).toContain('correlation');
      await eventually(
        () => traces('correlation_id:r7-1'),
        ([found]) =>
          found?.complete === true && everybody.every((name) => found.services.some(({ service }) => service === name)),
      );
      const [summary, ...others] = await traces('correlation_id:r7-1');
      expect(others).toEqual([]);
      expect(summary).toMatchObject({ root_service: 'gateway', complete: true });

      // Elasticsearch shows the documents of a commit index by index: summaries, spans and lines each in their own time.
      const { columns, services, orphans } = await eventually(
        () => get<Trace>(`/traces/${summary?.trace_id}`),
        (trace) => trace.services.length >= everybody.length && hops.every((hop) => hopsOf(trace).includes(hop)),
      );
      expect(services.toSorted()).toEqual(everybody);
      expect(orphans).toBe(0);
      expect(columns.parent.filter((parent) => parent === -1)).toHaveLength(1);

      const { logs } = await eventually(
        () => get<{ logs: { service: string; correlation_id: string }[] }>(`/traces/${summary?.trace_id}/logs`),
        (found) => new Set(found.logs.map(({ service }) => service)).size >= 4,
      );
      expect(new Set(logs.map(({ correlation_id }) => correlation_id))).toEqual(new Set(['r7-1']));
    },
  );

  test.skipIf(cannot)('projects the saga that the shop tells, and the one that no service knows of', async () => {
    const { body } = await order('r7-2');
    const [fulfilment] = await eventually(
      () => sagas('&search=r7-2'),
      ([saga]) => saga?.state === 'completed',
    );
    expect(fulfilment?.saga_id).toBe(`fulfil-${body.orderId}`);
    const aftercare = await eventually(
      () => get<{ sagas: Saga[] }>(`/sagas?name=order-aftercare&search=${body.orderId}`),
      ({ sagas: [saga] }) => saga?.state === 'completed',
    );
    expect(aftercare.sagas).toHaveLength(1);
  });

  test.skipIf(cannot)(
    'opens the breaker on the map while the bank is down, shows the orders rolled back, and all recover',
    async () => {
      expect(await breakers()).toMatchObject([{ service: 'payments', state: 'closed' }]);
      await post(`${watched.shop.control}/weather`, { kind: 'bank-down', seconds: 300 });
      const refused = ['bank-1', 'bank-2', 'bank-3', 'bank-4', 'bank-5'];
      for (const id of refused) expect((await order(id)).status).toBe(503);
      await eventually(breakers, ([breaker]) => breaker?.state === 'open');
      await eventually(guarding, ([breaker]) => breaker?.state === 'open');
      const compensated = await eventually(
        () => sagas('&search=bank-'),
        (list) => list.length === refused.length && list.every(({ state }) => state === 'compensated'),
      );
      expect(new Set(compensated.map(({ failure_kind }) => failure_kind))).toEqual(new Set(['technical']));
      expect(compensated.flatMap(({ not_undone }) => not_undone)).toEqual([]);

      await post(`${watched.shop.control}/clear`, {});
      await eventually(
        () => order('after-1'),
        ({ status }) => status === 201,
      );
      await eventually(breakers, ([breaker]) => breaker?.state === 'closed');
      await eventually(guarding, ([breaker]) => breaker?.state === 'closed');
      await eventually(
        () => sagas('&search=after-'),
        (list) => list.some(({ state }) => state === 'completed'),
      );
    },
  );

  test.skipIf(cannot)(
    'runs each synthetic transaction as one trace through the shop, and counts none of them as business',
    async () => {
      await watched.watch(stuckOrders);
      const wanted = noChromium ? ['order'] : ['order', 'buy-a-globe'];
      const { checks } = await eventually(
        () => get<{ checks: Check[] }>('/checks'),
        (list) =>
          wanted.every((name) => list.checks.some((one) => one.definition.name === name && one.verdict !== null)),
      );
      for (const name of wanted) {
        const check = checks.find(({ definition }) => definition.name === name);
        expect(check, check?.last_run?.sentence).toMatchObject({ verdict: 'pass' });
        const id = check?.last_run?.trace_id;
        // The journey's page, its runner and eight services report in their own time, and Elasticsearch shows a summary
        // and its spans each in theirs.
        const found = await eventually(
          () => get<Trace>(`/traces/${id}`).catch(() => undefined),
          (trace) =>
            !!trace?.summary.complete &&
            trace.summary.synthetic_check === name &&
            trace.orphans === 0 &&
            trace.services.includes('mail'),
        );
        const { columns } = found as Trace;
        expect(columns.parent.filter((parent) => parent === -1)).toHaveLength(1);
        await eventually(
          () => traces(`synthetic.check:${name} kind:server`),
          (list) => list.some(({ trace_id }) => trace_id === id),
        );
      }
      const business = await sagas();
      expect(business.filter(({ synthetic }) => synthetic)).toEqual([]);
      expect(business).toHaveLength(requests);
      expect((await sagas('&synthetic=only')).length).toBeGreaterThanOrEqual(wanted.length);
      const { operations } = await get<{ operations: { operation: string; requests: number }[] }>('/services/gateway');
      // The supervisor asked the door whether it is open; nobody else came but the tests.
      expect(operations.map(({ operation }) => operation).toSorted()).toEqual(['GET /healthz', 'POST /orders']);
      expect(operations.find(({ operation }) => operation === 'POST /orders')?.requests).toBe(requests);
    },
  );

  test.skipIf(cannot)(
    'pages for an order that is stuck, says all that is known of it, and resolves once',
    async () => {
      const { webhook, pagerDuty } = watched;
      const told = () => webhook.pages.filter(({ check }) => check === stuckOrders);
      const events = () => pagerDuty.pages.filter(({ dedup_key }) => dedup_key.includes(stuckOrders));
      await eventually(
        async () => told().length && events().length,
        (count) => count > 0,
      );
      expect((await sagas('&state=stuck')).map(({ saga_id }) => saga_id)).toEqual([lost]);
      const [page] = told();
      expect(page).toMatchObject({ kind: 'firing', affected: `1 affected: ${lost}` });
      expect(page?.text).toContain('No order saga is stuck longer than 30 s');
      expect(page?.text).toMatch(/^What: .*\nSince: \d{4}-.*\nAffected: 1 affected: /m);
      for (const { href } of page?.links ?? []) expect(page?.text).toContain(href);
      expect(page?.links.map(({ href }) => href)).toEqual(
        expect.arrayContaining([expect.stringContaining(`${watched.collector.ui}/sagas`)]),
      );
      expect(page?.links.some(({ href }) => href.startsWith('https://wiki.example.org/'))).toBe(true);
      const [event] = events();
      expect(event).toMatchObject({ event_action: 'trigger', payload: { severity: 'critical', source: stuckOrders } });
      expect(event?.payload?.custom_details).toMatchObject({ affected: page?.affected, what: page?.sentence });
      expect(event?.links?.length).toBeGreaterThan(0);

      await eventually(
        async () => told().length + events().length,
        (count) => count >= 4,
      );
      const runs = async () => (await get<{ runs: unknown[] }>(`/checks/${stuckOrders}`)).runs.length;
      const before = await runs();
      await eventually(runs, (count) => count >= before + 3);
      expect(told().map(({ kind }) => kind)).toEqual(['firing', 'resolved']);
      expect(new Set(told().map(({ key }) => key)).size).toBe(1);
      expect(events().map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
      expect(new Set(events().map(({ dedup_key }) => dedup_key)).size).toBe(1);
      expect((await sagas(`&search=${lost}`))[0]).toMatchObject({ state: 'compensated', stuck: false });
    },
    180_000,
  );
});
