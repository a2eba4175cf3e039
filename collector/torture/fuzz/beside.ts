import { randomBytes } from 'node:crypto';
import { encodeTraces } from '../../test/fixtures/otlp-encoder.js';

/** Service of the valid requests that go beside the hostile ones. */
export const BESIDE = 'beside-the-fuzzer';

/** A valid request of one span. */
export function validRequest(): { traceId: string; body: Uint8Array<ArrayBuffer> } {
  const traceId = randomBytes(16).toString('hex');
  const now = BigInt(Date.now()) * 1_000_000n;
  const body = encodeTraces({ 'service.name': BESIDE }, [
    {
      traceId,
      spanId: traceId.slice(0, 16),
      name: `unharmed ${traceId}`,
      kind: 2,
      startNano: now,
      endNano: now + 1_000_000n,
      attributes: { told: traceId, number: 42, list: ['a', 'b'] },
    },
  ]);
  return { traceId, body: new Uint8Array(body) };
}

interface SpanDetail {
  name: string;
  service: string;
  attributes: Record<string, unknown>;
}

/** @throws Error unless every one of the traces is there once, as it was sent. */
export async function checkBeside(ui: string, traceIds: readonly string[], sample: number): Promise<void> {
  const api = `${ui}/api/orrery/v1`;
  const answer = await fetch(`${api}/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ signal: 'spans', q: `service:"${BESIDE}"`, measures: [{ op: 'count' }], from: 'now-1d' }),
  });
  const { groups } = (await answer.json()) as { groups: { values: number[] }[] };
  const count = groups[0]?.values[0] ?? 0;
  if (count !== traceIds.length) throw new Error(`of ${traceIds.length} valid spans ${count} are stored`);
  const every = Math.max(1, Math.floor(traceIds.length / sample));
  for (const traceId of traceIds.filter((_, index) => index % every === 0)) {
    const response = await fetch(`${api}/traces/${traceId}/spans/${traceId.slice(0, 16)}`);
    const { name, service, attributes } = (await response.json()) as SpanDetail;
    const told = JSON.stringify([name, service, attributes['told'], attributes['number'], attributes['list']]);
    const wanted = JSON.stringify([`unharmed ${traceId}`, BESIDE, traceId, 42, ['a', 'b']]);
    if (told !== wanted) throw new Error(`a valid span came back as ${told} instead of ${wanted}`);
  }
}
