import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { WireWriter } from '../../dist/decode/wire-writer.js';
import { encodeLogs } from './encode-logs.mjs';
import { encodePoints } from './encode-points.mjs';
import { encodeSpans } from './encode-spans.mjs';
import { nested, resource, text } from './wire.mjs';

export const SPANS_PER_REQUEST = 1000;

const ENCODERS = { traces: encodeSpans, logs: encodeLogs, metrics: encodePoints };

/** An `Export…ServiceRequest` with `items` items of one service. */
export function encodeRequest(number, signal = 'traces', items = SPANS_PER_REQUEST) {
  const writer = new WireWriter(1 << 20);
  nested(writer, 1, () => {
    resource(writer, number);
    nested(writer, 2, () => {
      nested(writer, 1, () => text(writer, 1, '@load/http'));
      ENCODERS[signal](writer, items);
    });
  });
  return Buffer.from(writer.finish());
}

/**
 * Requests without end, no two alike: a short message with a number of its own is put before one that was encoded
 * before. Two messages, and two gzip members, are one; the intake's table of known bodies sees a new one.
 */
export function requestSource(count, { signal = 'traces', items = SPANS_PER_REQUEST, gzip = true } = {}) {
  const plain = Array.from({ length: count }, (_, i) => encodeRequest(i, signal, items));
  const bodies = gzip ? plain.map((body) => gzipSync(body, { level: 6 })) : plain;
  const run = randomBytes(4).toString('hex');
  let sent = 0;
  return () => {
    const writer = new WireWriter(64);
    nested(writer, 1, () => text(writer, 3, `urn:load:${run}:${sent}`));
    const first = writer.finish();
    return Buffer.concat([gzip ? gzipSync(first, { level: 1 }) : first, bodies[sent++ % bodies.length]]);
  };
}
