import { randomBytes } from 'node:crypto';
import { attribute, bytes, fixed64, nested, text, varint } from './wire.mjs';

const ROUTES = ['/orders', '/orders/{id}', '/cart', '/stock/{sku}', '/payments', '/health'];

/** `ScopeSpans` of one service: eight spans to a trace, twelve attributes each. */
export function encodeSpans(writer, count) {
  let traceId = randomBytes(16);
  let parentId = null;
  for (let i = 0; i < count; i++) {
    if (i % 8 === 0) {
      traceId = randomBytes(16);
      parentId = null;
    }
    const spanId = randomBytes(8);
    nested(writer, 2, () => writeSpan(writer, { traceId, spanId, parentId, i }));
    parentId ??= spanId;
  }
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
