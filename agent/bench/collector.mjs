import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/**
 * What every measured agent talks to: an OTLP/HTTP receiver, and as much of dd-trace's agent and of Elastic's APM server as
 * makes their agents send. It counts what arrives, and bytes as they came over the wire.
 */
const counts = { spans: 0, logs: 0, bytes: 0 };

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    counts.bytes += body.length;
    const { status = 200, type = 'application/json', answer = '{}' } = taken(request, body) ?? {};
    response.writeHead(status, { 'content-type': type }).end(answer);
  });
});

/** Counts one request's records; says what to answer. */
function taken({ url = '', headers }, body) {
  const plain = () => (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
  if (url.startsWith('/v1/')) {
    // Export…Request.resource_*.scope_*.records: fields 1, 2, 2.
    // The exporter that comes with the SDK sends JSON.
    if (headers['content-type'] === 'application/json') {
      if (url === '/v1/traces') counts.spans += occurrences(plain(), '"spanId":');
    } else if (url === '/v1/traces') counts.spans += countFields(plain(), [1, 2, 2]);
    if (url === '/v1/logs') counts.logs += countFields(plain(), [1, 2, 2]);
    return { type: 'application/x-protobuf', answer: '' };
  }
  if (url.startsWith('/intake/v2/events')) {
    counts.spans +=
      plain()
        .toString('latin1')
        .match(/^\{"(transaction|span)"/gm)?.length ?? 0;
    return { status: 202 };
  }
  if (url === '/info') return { answer: '{"endpoints":["/v0.4/traces"],"client_drop_p0s":false}' };
  if (url.startsWith('/v0.4/traces')) {
    // msgpack: every span has one key `span_id`.
    counts.spans += occurrences(body, 'span_id');
    return { answer: '{"rate_by_service":{"service:,env:":1}}' };
  }
  if (url === '/') return { answer: '{"version":"8.17.0"}' };
  return { status: url.startsWith('/config') ? 403 : 200 };
}

function occurrences(bytes, text) {
  let found = 0;
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) found++;
  return found;
}

/** How many messages are at the end of a path of field numbers, all length-delimited. */
function countFields(bytes, [field, ...inner]) {
  let found = 0;
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      const length = varint();
      if (tag >>> 3 === field) found += inner.length === 0 ? 1 : countFields(bytes.subarray(at, at + length), inner);
      at += length;
    }
  }
  return found;
}

server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('message', () => process.send?.({ ...counts }));
process.on('disconnect', () => process.exit(0));
