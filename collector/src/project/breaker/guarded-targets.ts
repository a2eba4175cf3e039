import { ABSENT, type SpanColumns } from '../../telemetry/span-columns.js';
import type { BreakerFact } from '../projection.js';
import { SpanKey, type SpanReader } from '../span-facts.js';

const CLIENT = 3;

/**
 * What a breaker protects, where the span of the guarded call does not say: the address that the client span under it
 * went to. Both come from one process within microseconds, so they nearly always share a request; where they do not,
 * another call will tell.
 */
export function nameTargets(
  columns: SpanColumns,
  span: SpanReader,
  guarded: { row: number; facts: BreakerFact[] }[],
): void {
  const nameless = guarded.filter(({ facts }) => facts.some((fact) => fact.target === ''));
  if (nameless.length === 0) return;
  const clients = clientsByParent(columns);
  for (const { row, facts } of nameless) {
    const client = clients.get(idAt(columns.bytes, columns.spanId[row] as number));
    if (client === undefined) continue;
    span.at(client);
    const port = span.text(SpanKey.serverPort);
    const address = span.text(SpanKey.serverAddress);
    const target = span.text(SpanKey.peerService) || (port && address ? `${address}:${port}` : address);
    for (const fact of facts) fact.target ||= target;
  }
}

function clientsByParent(columns: SpanColumns): Map<string, number> {
  const clients = new Map<string, number>();
  for (let row = 0; row < columns.count; row++) {
    const parent = columns.parentSpanId[row] as number;
    if (columns.kind[row] === CLIENT && parent !== ABSENT) clients.set(idAt(columns.bytes, parent), row);
  }
  return clients;
}

function idAt(bytes: Uint8Array, offset: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, 8).toString('latin1');
}
