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
export const guardedCall = (state: string, outcome: string, status?: number): ExpectedSpan => ({
  name: 'GET',
  kind: 'server',
  children: [
    {
      name: 'circuit_breaker lab',
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
  ],
  also: (received) => breakerFaults(received, 'opossum', 'lab'),
};

/** What every breaker that has opened must have said. */
export function breakerFaults({ logs, metrics }: Received, library: string, name: string): string | undefined {
  const [opened] = logs.filter(({ eventName }) => eventName === 'circuit_breaker.state_change');
  const said = opened?.attributes ?? {};
  if (said['circuit_breaker.name'] !== name || said['circuit_breaker.library'] !== library) return 'no state change';
  if (said['circuit_breaker.state'] !== 'open') return `state ${String(said['circuit_breaker.state'])}`;
  if (said['circuit_breaker.previous_state'] !== 'closed') return 'no previous state';
  if (typeof said['circuit_breaker.reason'] !== 'string') return 'no reason';
  if (said['server.address'] !== '127.0.0.1') return 'the state change does not say what is protected';
  const status = metrics.findLast((metric) => metric.name === 'circuit_breaker.status');
  const now = status?.points.find(({ value }) => value === 1)?.attributes['circuit_breaker.state'];
  if (now !== 'open') return `restated as ${String(now)}`;
  const executions = metrics.findLast((metric) => metric.name === 'circuit_breaker.execution.count')?.points ?? [];
  const counts = Object.fromEntries(executions.map((p) => [p.attributes['circuit_breaker.outcome'], p.value]));
  if (counts['success'] !== 1 || counts['failure'] !== 1 || counts['rejected'] !== 1)
    return `executions ${JSON.stringify(counts)}`;
  return undefined;
}
