import { randomBytes } from 'node:crypto';
import { attribute, bytes, fixed64, nested, text, varint } from './wire.mjs';

/** `ScopeLogs` of one service: lines of a hundred bytes, four of them to a span, six attributes each. */
export function encodeLogs(writer, count) {
  let traceId = randomBytes(16);
  let spanId = randomBytes(8);
  const now = BigInt(Date.now()) * 1_000_000n;
  for (let i = 0; i < count; i++) {
    if (i % 4 === 0) {
      traceId = randomBytes(16);
      spanId = randomBytes(8);
    }
    const failed = i % 50 === 0;
    nested(writer, 2, () => {
      fixed64(writer, 1, now + BigInt(i * 1000));
      varint(writer, 2, failed ? 17 : 9);
      text(writer, 3, failed ? 'ERROR' : 'INFO');
      const body = `order ${(i * 7919) % 100_000} of customer ${(i * 31) % 5000}: ${failed ? 'payment refused by the bank, tried again' : 'reserved, waiting for payment'}`;
      nested(writer, 5, () => text(writer, 1, body));
      attribute(writer, 6, 'correlation.id', `c-${(i * 7919) % 100_000}`);
      attribute(writer, 6, 'code.function.name', failed ? 'charge' : 'reserve');
      attribute(writer, 6, 'log.logger', 'shop.orders');
      attribute(writer, 6, 'thread.id', i % 8);
      attribute(writer, 6, 'enduser.tier', i % 3 === 0 ? 'gold' : 'basic');
      attribute(writer, 6, 'duration_ms', (i * 7919) % 400);
      bytes(writer, 9, traceId);
      bytes(writer, 10, spanId);
      fixed64(writer, 11, now + BigInt(i * 1000));
    });
  }
}
