import type { ExpectedSpan, Received, Scenario } from '../scenario.js';
import { breakerFaults, calledOnce, eventFaults, guardedCall, metricFaults } from './opossum.js';

const called = (status: number, resends?: number): ExpectedSpan => ({
  ...calledOnce(status),
  attributes: { 'http.response.status_code': status, 'http.request.resend_count': resends },
});

/** A breaker as that of opossum; retries, a time limit, a bulkhead and a fallback as vocabulary has them. */
export const cockatiel: Scenario = {
  app: 'cockatiel',
  exchanges: [
    {
      path: '/guarded/200',
      status: 200,
      span: guardedCall('closed', 'success', 200),
      logs: [{ body: 'guarded 200', at: 'GET' }],
    },
    { path: '/guarded/500', status: 200, span: guardedCall('closed', 'failure', 500) },
    { path: '/guarded/200', status: 200, span: guardedCall('open', 'rejected') },
    // A breaker that opens, is probed in vain, is probed again, and closes.
    ...(
      [
        [500, 'closed', 'failure'],
        [503, 'half_open', 'failure'],
        [200, 'half_open', 'success'],
        [200, 'closed', 'success'],
      ] as const
    ).map(([status, state, outcome]) => ({
      path: `/ward/${status}`,
      status: 200,
      span: guardedCall(state, outcome, status, 'ward'),
    })),
    {
      path: '/again',
      status: 200,
      span: {
        name: 'GET',
        kind: 'server',
        children: [
          {
            name: 'retry again',
            kind: 'internal',
            attributes: { 'retry.attempt': 3, 'retry.max_attempts': 3, 'retry.outcome': 'success' },
            children: [called(503), called(503, 1), called(200, 2)],
          },
        ],
      },
    },
    {
      path: '/soon',
      status: 200,
      span: {
        name: 'GET',
        kind: 'server',
        children: [
          {
            name: 'GET',
            kind: 'client',
            attributes: { 'error.type': 'timeout' },
            failed: true,
            exception: 'ABORT_ERR',
            children: [{ name: 'GET', kind: 'server', attributes: { 'error.type': 'client_closed_request' } }],
          },
        ],
      },
    },
    { path: '/narrow', status: 200, span: { name: 'GET', kind: 'server', children: [called(200)] } },
  ],
  also: (received) =>
    eventFaults(received, [
      { name: 'fallback', 'fallback.name': 'cache' },
      { name: 'timeout', 'timeout.name': 'soon', 'timeout.duration': 100 },
      { name: 'bulkhead.rejected', 'bulkhead.name': 'narrow' },
    ]) ??
    metricFaults(received, ['bulkhead.executing', 'bulkhead.queued', 'bulkhead.rejected.count']) ??
    breakerFaults(received, 'cockatiel', 'lab') ??
    changeFaults(received),
};

/** What the breaker `ward` told of itself, in order. */
const CHANGES = [
  ['closed', 'open', 'too many calls failed, the last with RangeError: broken'],
  ['open', 'half_open', 'its pause is over: the next call is a probe'],
  ['half_open', 'open', 'the probe failed: RangeError: broken'],
  ['open', 'half_open', 'its pause is over: the next call is a probe'],
  ['half_open', 'closed', 'the probe succeeded'],
];

function changeFaults({ logs }: Received): string | undefined {
  const told = logs
    .filter(({ attributes }) => attributes['circuit_breaker.name'] === 'ward')
    .map(({ attributes }) =>
      ['previous_state', 'state', 'reason'].map((part) => attributes[`circuit_breaker.${part}`]),
    );
  return JSON.stringify(told) === JSON.stringify(CHANGES) ? undefined : `changes ${JSON.stringify(told)}`;
}
