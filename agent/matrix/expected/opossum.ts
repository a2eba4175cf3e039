import type { ExpectedSpan, Received, Scenario } from '../scenario.js';

/** A client call to the application itself. */
export const calledOnce = (status: number): ExpectedSpan => ({
  name: 'GET',
  kind: 'client',
  attributes: { 'http.response.status_code': status },
  failed: status >= 400,
  children: [{ name: 'GET', kind: 'server', failed: status >= 500 }],
});

/** A request whose call is guarded by the breaker `lab`. */
export const guardedCall = (state: string, outcome: string, status?: number, breaker = 'lab'): ExpectedSpan => ({
  name: 'GET',
  kind: 'server',
  children: [
    {
      name: `circuit_breaker ${breaker}`,
      kind: 'internal',
      attributes: {
        'circuit_breaker.state': state,
        'circuit_breaker.outcome': outcome,
        'server.address': status === undefined ? undefined : '127.0.0.1',
      },
      failed: outcome !== 'success',
      children: status === undefined ? [] : [calledOnce(status)],
    },
  ],
});

/** Calls pass, fail, and are refused; the breaker says so by itself, and what it protects. */
export const opossum: Scenario = {
  app: 'opossum',
  exchanges: [
    {
      path: '/guarded/200',
      status: 200,
      span: guardedCall('closed', 'success', 200),
      logs: [{ body: 'guarded 200', at: 'GET' }],
    },
    { path: '/guarded/500', status: 200, span: guardedCall('closed', 'failure', 500) },
    { path: '/guarded/200', status: 200, span: guardedCall('open', 'rejected') },
    {
      path: '/narrow',
      status: 200,
      span: {
        name: 'GET',
        kind: 'server',
        children: ['rejected', 'timeout'].map((outcome) => ({
          name: 'circuit_breaker narrow',
          kind: 'internal',
          attributes: { 'circuit_breaker.outcome': outcome },
          failed: true,
        })),
      },
    },
  ],
  also: (received) =>
    eventFaults(received, [
      { name: 'fallback', 'fallback.name': 'lab' },
      { name: 'timeout', 'timeout.name': 'narrow', 'timeout.duration': 60 },
      { name: 'bulkhead.rejected', 'bulkhead.name': 'narrow' },
    ]) ??
    metricFaults(received, ['bulkhead.executing', 'bulkhead.rejected.count']) ??
    breakerFaults(received, 'opossum', 'lab'),
};

/** Events of spans, by their name and attributes. */
export function eventFaults({ spans }: Received, wanted: readonly { readonly name: string }[]): string | undefined {
  const events = spans.flatMap(({ events }) => events.map(({ name, attributes }) => ({ name, ...attributes })));
  const there = new Set(events.map((event) => JSON.stringify(event)));
  const missing = wanted.find((event) => !there.has(JSON.stringify(event)));
  return missing && `no event ${missing.name}`;
}

export function metricFaults({ metrics }: Received, wanted: readonly string[]): string | undefined {
  const missing = wanted.find((name) => !metrics.some((metric) => metric.name === name));
  return missing && `no metric ${missing}`;
}

/** What every breaker that has opened must have said. */
export function breakerFaults({ logs, metrics }: Received, library: string, name: string): string | undefined {
  const [opened] = logs.filter(({ eventName }) => eventName === 'circuit_breaker.state_change');
  const said = opened?.attributes ?? {};
  if (said['circuit_breaker.name'] !== name || said['circuit_breaker.library'] !== library) return 'no state change';
  if (said['circuit_breaker.state'] !== 'open') return `state ${String(said['circuit_breaker.state'])}`;
  if (said['circuit_breaker.previous_state'] !== 'closed') return 'no previous state';
  if (typeof said['circuit_breaker.reason'] !== 'string') return 'no reason';
  if (said['server.address'] !== '127.0.0.1') return 'the state change does not say what is protected';
  const ours = (metricName: string) =>
    (metrics.findLast((metric) => metric.name === metricName)?.points ?? []).filter(
      ({ attributes }) => attributes['circuit_breaker.name'] === name,
    );
  const now = ours('circuit_breaker.status').find(({ value }) => value === 1)?.attributes['circuit_breaker.state'];
  if (now !== 'open') return `restated as ${String(now)}`;
  const executions = ours('circuit_breaker.execution.count');
  const counts = Object.fromEntries(executions.map((p) => [p.attributes['circuit_breaker.outcome'], p.value]));
  if (counts['success'] !== 1 || counts['failure'] !== 1 || counts['rejected'] !== 1)
    return `executions ${JSON.stringify(counts)}`;
  return undefined;
}
