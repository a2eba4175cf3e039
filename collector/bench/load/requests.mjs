import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { WireWriter } from '../../dist/decode/wire-writer.js';

export const SPANS_PER_REQUEST = 1000;

const SERVICES = 12;
const ROUTES = ['/orders', '/orders/{id}', '/cart', '/stock/{sku}', '/payments', '/health'];

/** An `ExportTraceServiceRequest` of 1000 spans of one service, eight to a trace, twelve attributes each. */
export function encodeRequest(number) {
  const writer = new WireWriter(1 << 20);
  nested(writer, 1, () => {
    nested(writer, 1, () => {
      attribute(writer, 1, 'service.name', `service-${number % SERVICES}`);
      attribute(writer, 1, 'service.version', '1.4.2');
      attribute(writer, 1, 'deployment.environment.name', 'production');
    });
    nested(writer, 2, () => {
      nested(writer, 1, () => text(writer, 1, '@load/http'));
      let traceId = randomBytes(16);
      let parentId = null;
      for (let i = 0; i < SPANS_PER_REQUEST; i++) {
        if (i % 8 === 0) {
          traceId = randomBytes(16);
          parentId = null;
        }
        const spanId = randomBytes(8);
        nested(writer, 2, () => writeSpan(writer, { traceId, spanId, parentId, i }));
        parentId ??= spanId;
      }
    });
  });
  return Buffer.from(writer.finish());
}

/**
 * Compressed requests without end, no two alike: a short first gzip member with a number of its own is put before a
 * long one that was compressed before. Two members are one body, and the intake's table of known bodies sees a new one.
 */
export function requestSource(count) {
  const bodies = Array.from({ length: count }, (_, i) => gzipSync(encodeRequest(i), { level: 6 }));
  const run = randomBytes(4).toString('hex');
  let sent = 0;
  return () => {
    const writer = new WireWriter(64);
    nested(writer, 1, () => text(writer, 3, `urn:load:${run}:${sent}`));
    return Buffer.concat([gzipSync(writer.finish(), { level: 1 }), bodies[sent++ % bodies.length]]);
  };
}

function writeSpan(writer, { traceId, spanId, parentId, i }) {
  const route = ROUTES[i % ROUTES.length];
  const failed = i % 50 === 0;
  const end = BigInt(Date.now()) * 1_000_000n + BigInt(i * 1000);
  bytes(writer, 1, traceId);
  bytes(writer, 2, spanId);
  if (parentId !== null) bytes(writer, 4, parentId);
  text(writer, 5, `GET ${route}`);
  varint(writer, 6, parentId === null ? 2 : 3);
  fixed64(writer, 7, end - BigInt(1_000_000 + ((i * 7919) % 400) * 100_000));
  fixed64(writer, 8, end);
  attribute(writer, 9, 'http.request.method', 'GET');
  attribute(writer, 9, 'http.route', route);
  attribute(writer, 9, 'http.response.status_code', failed ? 503 : 200);
  attribute(writer, 9, 'url.path', route.replace(/\{\w+\}/, String((i * 31) % 5000)));
  attribute(writer, 9, 'url.scheme', 'https');
  attribute(writer, 9, 'server.address', 'shop.internal');
  attribute(writer, 9, 'server.port', 8443);
  attribute(writer, 9, 'network.peer.address', `10.0.${i % 250}.17`);
  attribute(writer, 9, 'user_agent.original', 'load/1.0 (linux; x64) node');
  attribute(writer, 9, 'correlation.id', `c-${(i * 7919) % 100_000}`);
  attribute(writer, 9, 'enduser.tier', i % 3 === 0 ? 'gold' : 'basic');
  attribute(writer, 9, 'thread.id', i % 8);
  if (failed) nested(writer, 15, () => varint(writer, 3, 2));
}

function attribute(writer, field, key, value) {
  nested(writer, field, () => {
    text(writer, 1, key);
    nested(writer, 2, () => (typeof value === 'string' ? text(writer, 1, value) : varint(writer, 3, value)));
  });
}

function nested(writer, field, write) {
  writer.varint((field << 3) | 2);
  const mark = writer.open();
  write();
  writer.close(mark);
}

function text(writer, field, value) {
  writer.varint((field << 3) | 2);
  writer.text(value);
}

function bytes(writer, field, value) {
  writer.varint((field << 3) | 2);
  writer.lengthDelimited(value);
}

function varint(writer, field, value) {
  writer.varint(field << 3);
  writer.varint(value);
}

function fixed64(writer, field, value) {
  writer.varint((field << 3) | 1);
  writer.fixed64(value);
}
