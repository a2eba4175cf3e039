import { expect, it } from 'vitest';
import { ROOT, withSpan } from '../context/context.js';
import { W3C_FORMATS } from '../context/formats.js';
import { callerMember } from '../context/trace-state.js';
import { trustedPeers } from '../context/trusted-peers.js';
import type { SignalQueue } from '../export/queue.js';
import { Clock } from '../record/clock.js';
import { OwnRecorder } from '../record/own-recorder.js';
import { RandomIds } from '../record/random-ids.js';
import { AgentPropagator } from './propagator.js';

/** No span ends here. */
const never = {} as SignalQueue;
const recorder = new OwnRecorder({
  clock: new Clock(),
  ids: new RandomIds(),
  sampler: () => true,
  limits: { attributes: 10, events: 10, links: 10 },
  maxChars: 100,
  keepsValues: false,
  traces: never,
  logs: undefined,
  encodeLog: () => undefined,
});
const propagator = new AgentPropagator({ caller: callerMember('shop'), formats: W3C_FORMATS }, trustedPeers([]));

function sent(kind: number, host: string): string[] {
  const span = recorder.startSpan({
    name: 'call',
    kind,
    scope: { name: 'test' },
    parent: ROOT,
    attributes: { 'server.address': host },
  });
  const carrier = new Map<string, string>();
  propagator.inject(withSpan(ROOT, span), carrier, { set: (_, name, value) => void carrier.set(name, value) });
  return [...carrier.keys()];
}

it('sends correlation and baggage to a trusted server and to every broker, to others the trace alone', () => {
  const everything = ['traceparent', 'tracestate', 'baggage', 'x-correlation-id'];
  expect(sent(2, '10.0.0.7')).toEqual(everything);
  expect(sent(2, 'firestore.googleapis.com')).toEqual(['traceparent']);
  expect(sent(3, 'broker.example.com')).toEqual(everything);
});
